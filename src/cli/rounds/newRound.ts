import { resolve } from 'node:path';
import { MarginError } from '../../base/pure/marginError';
import {
  promptChoices,
  type RoundPolicy,
  type RoundRecord,
  type RoundsRecord,
  roundsVersion,
} from '../../run/rounds/types';
import { type Arguments, choice, number, required, text, UsageError } from '../args';
import { policyOption, runPolicy } from './policy';
import { openRound, type RoundsPlace } from './roundsOption';

/**
 * The record of a line of rounds, with what the options add to it. The held-out set and the guard stay what they are
 * once they are set, so that all rounds are measured alike.
 *
 * @throws UsageError; MarginError `other-rounds`
 */
export async function newRecord(
  args: Arguments,
  { name }: RoundsPlace,
  known: RoundsRecord | null,
  cwd: string,
): Promise<RoundsRecord> {
  if (known === null) {
    const named = await policyOption(args, cwd);
    if (named === null) throw new UsageError('--model or --run is missing: the model that the first round starts from');
    const empty = { version: roundsVersion, name, base: named.base, base_measures: null, rounds: [] };
    return withMeasures(args, { ...empty, held_out: null, guard_file: null }, cwd);
  }
  return withMeasures(args, known, cwd);
}

/** The record with the held-out set and guard that the options name. @throws MarginError `other-rounds` */
export function withMeasures(args: Arguments, known: RoundsRecord, cwd: string): RoundsRecord {
  const fixed = (option: 'held_out' | 'guard_file'): string | null => {
    const given = pathOption(args, option, cwd);
    const before = known[option];
    if (given === null || before === given) return before;
    if (before === null && known.rounds.every(({ measures }) => measures === null)) return given;
    const message = `${known.name} is measured with ${option} ${before ?? 'none'}: leave --${option} out, or begin other rounds.`;
    throw new MarginError('other-rounds', message, { option });
  };
  const [heldOut, guard] = [fixed('held_out'), fixed('guard_file')];
  if (guard !== null && heldOut === null)
    throw new UsageError('--guard_file needs --held_out FILE: the guard is measured when the run is evaluated on it');
  return { ...known, held_out: heldOut, guard_file: guard };
}

const pathOption = (args: Arguments, name: string, cwd: string): string | null => {
  const given = text(args, name);
  return given === null ? null : resolve(cwd, given);
};

/**
 * The round that the options describe: the open one, or the one after the last. Without `--model` and `--run` the run
 * of the last round drafts.
 */
export async function newRound(args: Arguments, record: RoundsRecord, cwd: string): Promise<RoundRecord> {
  const open = openRound(record);
  const round = open ? open.round : record.rounds.length + 1;
  const file = text(args, 'prompts');
  const filter = text(args, 'filter');
  if (filter !== null && file === null) throw new UsageError('--filter is for --prompts');
  const count = text(args, 'count') === null ? null : number(args, 'count', 1, { min: 1, integer: true });
  const chosen = choice(args, 'choice', promptChoices);
  if (chosen === 'active' && count === null) throw new UsageError('--choice active needs --count');
  if (chosen === 'active' && text(args, 'endpoint') !== null)
    throw new UsageError('--choice active needs a model on this machine: an endpoint does not say how sure it is');
  return {
    round,
    policy: await roundPolicy(args, record, open, cwd),
    reference: 'base',
    prompts: {
      file: file === null ? null : resolve(cwd, file),
      filter,
      count,
      seed: number(args, 'prompt_seed', 0, { min: 0, integer: true }),
      choice: chosen,
    },
    drafts: {
      k: number(args, 'k', 4, { min: 2, max: 64, integer: true }),
      temperature: number(args, 'temperature', 0.8, { min: 0 }),
      top_p: number(args, 'top_p', 1, { min: 0, max: 1 }),
      max_new_tokens: number(args, 'max_new_tokens', 256, { min: 1, integer: true }),
      seed: number(args, 'seed', 0, { min: 0, integer: true }),
    },
    mix: 0,
    run: null,
    judge: null,
    measures: null,
  };
}

async function roundPolicy(
  args: Arguments,
  record: RoundsRecord,
  open: RoundRecord | null,
  cwd: string,
): Promise<RoundPolicy> {
  const endpoint = text(args, 'endpoint');
  if (endpoint !== null) return { model: endpoint, checkpoint: required(args, 'endpoint_model') };
  const named = await policyOption(args, cwd);
  if (named) return named.policy;
  if (open) return open.policy;
  const last = record.rounds.at(-1);
  return last?.run ? (await runPolicy(last.run, null)).policy : { model: record.base, checkpoint: null };
}
