import { resolve } from 'node:path';
import { MarginError } from '../../base/pure/marginError';
import { roundPaths, roundsFolder } from '../../run/rounds/paths';
import { readRounds } from '../../run/rounds/record';
import type { RoundRecord, RoundsRecord } from '../../run/rounds/types';
import { type Arguments, number, onePositional, text } from '../args';

/** The options of {@link roundsPlace}. */
export const roundsOptions = { rounds_dir: 'value' } as const;
export const roundsHelp = `  --rounds_dir DIR      The folder of all rounds; default .margin/rounds.`;

/** A line of rounds that a person names. */
export interface RoundsPlace {
  readonly name: string;
  readonly folder: string;
}

/** The rounds that the only positional argument names. @throws UsageError; MarginError `bad-name` */
export function roundsPlace(args: Arguments, cwd: string): RoundsPlace {
  const name = onePositional(args, 'NAME');
  const all = text(args, 'rounds_dir');
  return { name, folder: roundsFolder(all === null ? roundPaths.all(cwd) : resolve(cwd, all), name) };
}

/** @throws MarginError `no-rounds` if there is no such line of rounds; those of `readRounds` */
export async function existingRounds({ name, folder }: RoundsPlace): Promise<RoundsRecord> {
  const record = await readRounds(folder);
  if (record) return record;
  const message = `There are no rounds named ${name} (${folder}). Begin with: margin draft ${name} --model DIR --prompts FILE`;
  throw new MarginError('no-rounds', message, { folder });
}

/** The round that is drafted and judged now: the last one, if it has no run. */
export function openRound({ rounds }: RoundsRecord): RoundRecord | null {
  const last = rounds.at(-1);
  return last && last.run === null ? last : null;
}

/** The round of `--round`, or the last one. @throws UsageError; MarginError `no-round` */
export function askedRound(args: Arguments, { name, rounds }: RoundsRecord): RoundRecord {
  const asked = number(args, 'round', rounds.length, { min: 1, integer: true });
  const found = rounds[asked - 1];
  if (found) return found;
  throw new MarginError('no-round', `${name} has ${rounds.length} rounds, and no round ${asked}.`, { name, asked });
}

/** The record with a round replaced, or added at its end. */
export function withRound(record: RoundsRecord, round: RoundRecord): RoundsRecord {
  const others = record.rounds.filter((one) => one.round !== round.round);
  return { ...record, rounds: [...others, round].sort((a, b) => a.round - b.round) };
}
