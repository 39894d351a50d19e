import { dirname, join } from 'node:path';
import { makeFolder } from '../base/node/makeFolder';
import { isRecord } from '../base/pure/isRecord';
import { MarginError } from '../base/pure/marginError';
import { at } from '../base/pure/must';
import { seededRandom } from '../base/pure/seededRandom';
import { readPairs } from '../jsonl/node/readPairs';
import { promptPlace } from '../jsonl/node/split/promptPlace';
import { splitTurns } from '../jsonl/node/split/rowGroups';
import { splitFile } from '../jsonl/node/split/splitFile';
import { suspectPaths } from '../jsonl/node/suspects/suspectsFile';
import { writeJsonLines } from '../jsonl/node/writeRows/jsonLines';
import type { Reading } from '../pairs/reading';
import { splitNames } from '../pairs/split/splitNames';

/** The rows to train on, and the rows that no run sees. */
export interface CleaningSides {
  readonly train: string;
  readonly held: string;
  /** The folder of the files that only some runs train on. */
  readonly folder: string;
}

export interface SidesPlan {
  readonly file: string;
  readonly reading: Reading;
  /** The share of the rows to hold out, by their prompts. */
  readonly share: number;
  /** Rows to hold out that are in a file of their own; null: a share of the file. */
  readonly evalFile: string | null;
  /** The bundle of `printThread.ts`. */
  readonly script: string;
  readonly signal: AbortSignal;
}

/** Which prompts are held out. Always the same, so that a later call finds the runs of an earlier one. */
const splitSeed = 42;
/** Prompts with the same words are on one side. With less, a file of templates would be one group. */
const sameWords = 1;

/**
 * Divides a file by prompts, into files beside its saved suspects.
 *
 * @throws MarginError `held-out-leaks` if `evalFile` has prompts of `file`; those of `splitFile`
 */
export async function cleaningSides(plan: SidesPlan): Promise<CleaningSides> {
  const { file, reading, share, evalFile, script, signal } = plan;
  const folder = suspectPaths(file).found.replace(/\.jsonl$/, '.cleaning');
  await makeFolder(folder);
  if (evalFile !== null) {
    await refuseShared(file, evalFile, reading);
    return { train: file, held: evalFile, folder };
  }
  const names = splitNames(join(folder, file.slice(dirname(file).length + 1)));
  const [trainOut, evalOut] = [names.train, names.eval];
  const split = { seed: splitSeed, near: sameWords, evalSize: share, stratify: null };
  await splitFile({ ...split, file, reading, script, signal, trainOut, evalOut, proofOut: names.proof });
  return { train: trainOut, held: evalOut, folder };
}

async function refuseShared(file: string, evalFile: string, reading: Reading): Promise<void> {
  const seen = new Set<number>();
  for await (const { result } of readPairs(file, { reading })) {
    const turns = splitTurns(result);
    if (turns) seen.add(promptPlace(turns, splitSeed));
  }
  const shared: number[] = [];
  for await (const { result, line } of readPairs(evalFile, { reading })) {
    const turns = splitTurns(result);
    if (turns && seen.has(promptPlace(turns, splitSeed))) shared.push(line);
  }
  if (shared.length === 0) return;
  const message = `${shared.length} rows of ${evalFile} have a prompt that ${file} has too, the first on line ${at(shared, 0)}. Such rows show nothing: leave out --eval_file, or make both files with margin split.`;
  throw new MarginError('held-out-leaks', message, { file: evalFile, rows: shared.length });
}

/**
 * Writes the rows of a file, of which some get a weight of 0: they keep their place in the batches and teach nothing.
 *
 * @param left rows without weight, from 0
 * @returns the number of rows that are written
 */
export async function writeWithoutWeight(
  file: string,
  out: string,
  reading: Reading,
  left: ReadonlySet<number>,
): Promise<number> {
  return writeJsonLines(textsOf(file, reading, left), out);
}

async function* textsOf(file: string, reading: Reading, left: ReadonlySet<number>): AsyncGenerator<string> {
  for await (const { row, text, value, result } of readPairs(file, { reading })) {
    if (result.kind === 'blank') continue;
    yield left.has(row) && isRecord(value) ? JSON.stringify({ ...value, weight: 0 }) : text.trim();
  }
}

/** Some rows of a list, drawn at random. @param count at most as many as there are */
export function drawnRows(rows: readonly number[], count: number, seed: number): ReadonlySet<number> {
  const random = seededRandom(seed);
  const order = [...rows];
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(random() * (order.length - i));
    [order[i], order[j]] = [at(order, j), at(order, i)];
  }
  return new Set(order.slice(0, count));
}
