import { MarginError } from '../base/pure/marginError';
import { at } from '../base/pure/must';
import { pairKeys } from '../jsonl/node/pairKey';
import { readPairs } from '../jsonl/node/readPairs';
import { collectRows } from '../jsonl/node/suspects/collectRows';
import { keyNumber } from '../pairs/keyNumber';
import { pairsIn } from '../pairs/pairsIn';
import type { Reading } from '../pairs/reading';
import { fewestRows, findSuspects, type FoundSuspects } from '../pairs/suspects/findSuspects';
import type { Rate } from '../pairs/suspects/flipOdds';
import { isUnknown } from '../pairs/suspects/sentences';
import { readMeasured, rewardsOfRuns } from '../run/measuredRewards';
import type { CleaningSides } from './cleaningFiles';
import type { Output } from './output';
import { Progress } from './progress';
import { rowsText } from './progressTeller';

/** How rows are read, and where progress is told. */
export interface Search {
  readonly reading: Reading;
  readonly script: string;
  readonly signal: AbortSignal;
  readonly output: Output;
  readonly cwd: string;
}

/** Rows of a file, from 0: those that have a verdict, and those of them that are called flipped. */
export interface SuspectedRows {
  readonly rows: readonly number[];
  readonly flipped: ReadonlySet<number>;
  readonly noise: Rate;
}

/** Finds the suspected rows of a file by some runs. @throws MarginError as `collectRows` */
export async function suspectedIn(file: string, runs: readonly string[], search: Search): Promise<SuspectedRows> {
  const { rows, noise } = await suspectsOf(file, runs, search);
  const { rate, low, high } = noise;
  const flipped = rows.filter(({ verdict }) => verdict === 'flipped').map(({ row }) => row);
  return { rows: [...new Set(rows.map(({ row }) => row))], flipped: new Set(flipped), noise: { rate, low, high } };
}

async function suspectsOf(
  file: string,
  runs: readonly string[],
  { reading, script, signal, output, cwd }: Search,
): Promise<FoundSuspects> {
  const progress = new Progress(output);
  const measurements = await rewardsOfRuns(runs, cwd);
  const measured = await readMeasured(measurements);
  const onProgress = (rows: number): void => progress.update(rowsText({ rows }));
  const collected = await collectRows({ file, reading, measured, columns: [], script, signal, onProgress }).finally(
    () => progress.end(),
  );
  return findSuspects(collected.rows, measurements, collected.contradictions, []);
}

/**
 * Refuses runs that have seen a held-out pair, whichever of its answers they preferred: their margins would know the
 * held-out labels.
 *
 * @throws MarginError `held-out-leaks`; those of reading
 */
export async function refuseLeaks(
  { runs, reading }: { readonly runs: readonly string[]; readonly reading: Reading },
  { held }: CleaningSides,
  cwd: string,
): Promise<void> {
  if (runs.length === 0) return;
  const measured = await readMeasured(await rewardsOfRuns(runs, cwd));
  for await (const { line, result } of readPairs(held, { reading }))
    for (const pair of pairsIn(result)) {
      const { own, exchanged } = pairKeys(pair);
      if (!measured.has(keyNumber(own)) && !measured.has(keyNumber(exchanged))) continue;
      const message = `${runs.join(', ')} scored the pair on line ${line} of ${held}, which is held out. Leave out --run to find suspects by runs on the other rows, or hold out other rows with --eval_file.`;
      throw new MarginError('held-out-leaks', message, { line, file: held });
    }
}

/** The held-out pairs that all runs scored. */
export interface HeldOutPairs {
  /** [files][pairs] */
  readonly margins: readonly Float64Array[];
  /** [pairs] 1 where suspects calls the pair clean; else why that is not known. */
  readonly clean: Uint8Array | string;
}

/**
 * Reads the margins of the held-out pairs, and which of these pairs are clean. Ties are left out.
 *
 * @param scored a file of rewards of each run
 * @param judges runs on the held-out rows alone
 */
export async function heldOutPairs(
  file: string,
  scored: readonly string[],
  judges: readonly string[],
  search: Search,
): Promise<HeldOutPairs> {
  const measured = await readMeasured(scored.map((path) => ({ run: path, step: null, file: path })));
  const margins: number[][] = scored.map(() => []);
  const keys: string[] = [];
  for await (const { result } of readPairs(file, { reading: search.reading }))
    for (const pair of pairsIn(result)) {
      const { own } = pairKeys(pair);
      const known = measured.get(keyNumber(own))?.margins;
      if (pair.tie === true || !known) continue;
      keys.push(own);
      for (const [i, margin] of known.entries()) at(margins, i).push(margin ?? Number.NaN);
    }
  if (keys.length < 2)
    throw new MarginError('too-few-rows', `${file} has ${keys.length} held-out pairs, too few to compare models on.`, {
      file,
    });
  return { margins: margins.map((own) => Float64Array.from(own)), clean: await cleanOf(file, keys, judges, search) };
}

async function cleanOf(
  file: string,
  keys: readonly string[],
  judges: readonly string[],
  search: Search,
): Promise<Uint8Array | string> {
  if (keys.length < fewestRows || judges.length === 0)
    return `${keys.length} held-out pairs are too few to find suspects among them`;
  const { rows, noise } = await suspectsOf(file, judges, search);
  if (isUnknown(noise)) return 'runs on the held-out rows hardly tell right labels from wrong ones';
  const clean = new Set(rows.filter(({ verdict }) => verdict === 'clean').map(({ key }) => key));
  return Uint8Array.from(keys, (key) => (clean.has(key) ? 1 : 0));
}
