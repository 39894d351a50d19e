import { join } from 'node:path';
import { nullIfMissing } from '../../base/node/jsonFile';
import { MarginError } from '../../base/pure/marginError';
import type { Reading } from '../../pairs/reading';
import type { AnswerSource, AnswerValuer } from '../../rounds/answerSource';
import { poolFactor, randomPrompts, uniquePrompts, unsurePrompts } from '../../rounds/choosePrompts';
import { draftAnswers, type RoundPrompt } from '../../rounds/draftAnswers';
import { appendDrafts, readDrafts } from '../../run/rounds/lines';
import { roundPaths } from '../../run/rounds/paths';
import type { Draft, RoundRecord, RoundsRecord } from '../../run/rounds/types';
import { promptsOfFile } from './prompts';
import type { RoundProgress } from './roundProgress';

/** Drafting for a round. */
export interface DraftStep {
  readonly folder: string;
  readonly record: RoundsRecord;
  readonly round: RoundRecord;
  /** Typed prompts, on top of those of the file. */
  readonly typed: readonly RoundPrompt[];
  readonly reading: Reading;
  readonly source: AnswerSource;
  readonly valuer: AnswerValuer | null;
  readonly batchSize: number;
  readonly signal: AbortSignal;
  readonly progress: RoundProgress;
}

/** The prompts of the held-out pairs of rounds, which nobody drafts for; none without a held-out file. */
async function heldOutKeys({ held_out: file }: RoundsRecord, reading: Reading): Promise<ReadonlySet<string>> {
  if (file === null) return new Set();
  return new Set((await promptsOfFile(file, reading, null)).prompts.map(({ key }) => key));
}

/** The prompts that a round may use. Says which are left out. @throws MarginError `no-prompts` */
async function promptsToUse({ record, round, typed, reading, progress }: DraftStep): Promise<readonly RoundPrompt[]> {
  const { file, filter } = round.prompts;
  const read = file === null ? { prompts: [], without: 0 } : await promptsOfFile(file, reading, filter);
  const { prompts, repeated, held } = uniquePrompts([...typed, ...read.prompts], await heldOutKeys(record, reading));
  const left = [
    read.without > 0 ? `${read.without} without a prompt` : '',
    repeated > 0 ? `${repeated} repeated` : '',
    held > 0 ? `${held} held out` : '',
  ].filter((part) => part !== '');
  if (left.length > 0) progress.say(`Rows left out: ${left.join(', ')}.`);
  if (prompts.length > 0) return prompts;
  throw new MarginError(
    'no-prompts',
    `${file ?? 'The command'} has no prompt to draft for. Give another file, filter or --prompt.`,
    {
      file,
    },
  );
}

/** What a round drafts: prompts, and the file to which their drafts go. */
export interface DraftPlan {
  readonly prompts: readonly RoundPrompt[];
  readonly path: string;
  /** How many prompts are kept of these; null: all of them. */
  readonly keep: number | null;
}

/** Chooses the prompts of a round. @throws MarginError `no-prompts` */
export async function planDrafts(step: DraftStep): Promise<DraftPlan> {
  const { round, record, folder } = step;
  const { count, seed, choice } = round.prompts;
  const prompts = await promptsToUse(step);
  const used = await usedPrompts(folder, record, round.round);
  if (choice === 'random' || count === null)
    return {
      prompts: randomPrompts(prompts, seed, count, used),
      path: roundPaths.drafts(folder, round.round),
      keep: null,
    };
  const pool = randomPrompts(prompts, seed, poolFactor * count, used);
  return { prompts: pool, path: join(roundPaths.round(folder, round.round), 'pool.jsonl'), keep: count };
}

/**
 * Drafts answers for a round, as far as they are missing. Returns all of them.
 *
 * @throws MarginError `interrupted`; those of the policy
 */
export async function draftRound(step: DraftStep, plan: DraftPlan): Promise<readonly Draft[]> {
  const { round, folder, progress, valuer } = step;
  const { keep, path, prompts } = plan;
  const made = await draftAnswers({ ...work(step), path, prompts });
  if (keep === null || valuer === null) return made;
  progress.say(
    `Choosing ${Math.min(keep, prompts.length)} of ${prompts.length} prompts: those whose drafts the policy values most alike.`,
  );
  const chosen = new Set((await unsurePrompts(made, valuer)).slice(0, keep));
  const drafts = roundPaths.drafts(folder, round.round);
  const have = new Set((await readDrafts(drafts)).lines.map(({ prompt_key: key, draft }) => `${key} ${draft}`));
  const kept = made.filter(({ prompt_key: key }) => chosen.has(key));
  appendDrafts(
    drafts,
    kept.filter(({ prompt_key: key, draft }) => !have.has(`${key} ${draft}`)),
  );
  return kept;
}

/** What drafting needs besides the prompts. */
export function work({
  round,
  source,
  valuer,
  batchSize,
  signal,
  progress,
}: DraftStep): Omit<Parameters<typeof draftAnswers>[0], 'path' | 'prompts'> {
  return {
    settings: round.drafts,
    policy: round.policy,
    source,
    valuer,
    batchSize,
    signal,
    onProgress: (done, total) => progress.update(`round ${round.round}, drafts`, done, total),
  };
}

/** How many earlier rounds have used each prompt. */
async function usedPrompts(
  folder: string,
  { rounds }: RoundsRecord,
  now: number,
): Promise<ReadonlyMap<string, number>> {
  const used = new Map<string, number>();
  for (const { round } of rounds) {
    if (round >= now) continue;
    const found = await nullIfMissing(readDrafts(roundPaths.drafts(folder, round)));
    for (const key of new Set(found?.lines.map(({ prompt_key }) => prompt_key)))
      used.set(key, (used.get(key) ?? 0) + 1);
  }
  return used;
}
