import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeJson } from '../../../../src/base/node/jsonFile';
import { eventLine } from '../../../../src/run/eventLines';
import { runPaths, writeState } from '../../../../src/run/folder';
import { changeNotes, type RunNotes } from '../../../../src/run/notes';
import type { RunConfig, RunEvent, RunState, TrainConfig } from '../../../../src/run/types';
import { runConfig, runState } from '../samples';

/** A scored pair: its key as a number, and its margin. */
export type Scored = readonly [key: number, margin: number];

export interface MadeRun {
  readonly name: string;
  readonly run?: Partial<RunConfig>;
  readonly config?: Partial<TrainConfig>;
  readonly state?: Partial<RunState>;
  readonly events?: readonly RunEvent[];
  readonly notes?: Partial<RunNotes>;
  /** By step, in the order of the rows. */
  readonly scored?: Readonly<Record<number, readonly Scored[]>>;
  /** By step, those of held-out pairs. */
  readonly heldOut?: Readonly<Record<number, readonly Scored[]>>;
  /** By step: files of rewards as they are. */
  readonly rewards?: Readonly<Record<number, string>>;
}

/** Writes the folder of a run that has ended. */
export async function madeRun(parent: string, made: MadeRun): Promise<string> {
  const { name, run = {}, config = {}, state = {}, events = [], notes, scored = {}, heldOut = {}, rewards = {} } = made;
  const folder = join(parent, name);
  await mkdir(join(folder, 'rewards'), { recursive: true });
  const whole = runConfig({ name, ...run });
  await writeJson(runPaths.config(folder), { ...whole, config: { ...whole.config, ...config } });
  writeState(folder, runState({ status: 'done', step: 10, steps: 10, ...state }));
  await appendFile(runPaths.events(folder), events.map((event) => `${eventLine(event)}\n`).join(''));
  if (notes) await changeNotes(folder, () => notes);
  for (const [step, pairs] of Object.entries(scored))
    await writeFile(runPaths.rewards(folder, Number(step)), pairs.map(rewardLine).join(''));
  if (Object.keys(heldOut).length > 0) await mkdir(join(folder, 'held-out'));
  for (const [step, pairs] of Object.entries(heldOut))
    await writeFile(runPaths.heldOut(folder, Number(step)), pairs.map(rewardLine).join(''));
  for (const [step, lines] of Object.entries(rewards)) await writeFile(runPaths.rewards(folder, Number(step)), lines);
  return folder;
}

/** The key of a pair from a small number. Keys are compared by their first 52 bits. */
export const keyOf = (number: number): string => `${number.toString(16).padStart(8, '0')}00000000`;

function rewardLine([key, margin]: Scored, row: number): string {
  const side = (reward: number): object => ({ logp: reward - 10, ref_logp: -10, reward, tokens: 5 });
  const reward = { row, line: row + 1, key: keyOf(key), chosen: side(margin), rejected: side(0), margin };
  return `${JSON.stringify(reward)}\n`;
}
