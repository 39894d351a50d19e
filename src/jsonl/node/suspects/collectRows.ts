import { MarginError } from '../../../base/pure/marginError';
import { findDuplicates } from '../duplicates/findDuplicates';
import { pairKeys } from '../pairKey';
import { type ReadRow, readPairs } from '../readPairs';
import { asQueried } from '../search/asQueried';
import { keyNumber } from '../../../pairs/keyNumber';
import { keysOf, valueAt } from '../../../pairs/own/keyPath';
import type { Pair } from '../../../pairs/pair';
import { pairsIn } from '../../../pairs/pairsIn';
import { numberOf } from '../../../pairs/query/measures';
import type { Reading } from '../../../pairs/reading';
import { fewestRows } from '../../../pairs/suspects/findSuspects';
import type { Contradiction, MeasuredPair, RowSignals } from '../../../pairs/suspects/signals';

export interface SuspectSearch {
  readonly file: string;
  readonly reading: Reading;
  readonly measured: ReadonlyMap<number, MeasuredPair>;
  /** Key paths of the columns by whose values rates are told. */
  readonly columns: readonly string[];
  /** The bundle of `printThread.ts`, which finds contradictions. */
  readonly script: string;
  readonly signal: AbortSignal;
  readonly onProgress: (rows: number) => void;
}

export interface CollectedRows {
  readonly rows: readonly RowSignals[];
  readonly contradictions: readonly Contradiction[];
  /** Lines of pairs that no file of rewards has. */
  readonly unscored: readonly number[];
  /** Rows that hold no pair of two answers. */
  readonly others: number;
  /** All rows of the file. */
  readonly total: number;
}

const progressRows = 1000;

/**
 * What the files of rewards, the scores and the contradictions of a file say of each of its pairs. A pair whose answers
 * were exchanged since it was scored is found too, and its margins are negated.
 *
 * @throws MarginError `nothing-scored` | `too-few-rows` | `no-margins`; those of reading; the signal's reason if
 *   aborted
 */
export async function collectRows(search: SuspectSearch): Promise<CollectedRows> {
  const { file, reading, signal, onProgress } = search;
  const columns = search.columns.map(keysOf);
  const rows: RowSignals[] = [];
  const unscored: number[] = [];
  let [others, total] = [0, 0];
  for await (const row of readPairs(file, { reading, signal })) {
    if (row.row % progressRows === 0) onProgress(row.row);
    total++;
    if (row.result.kind === 'blank') continue;
    const pairs = pairsIn(row.result);
    if (pairs.length === 0) others++;
    for (const pair of pairs) {
      const found = signalsOf(row, pair, pairs.length, search, columns);
      if (found) rows.push(found);
      else unscored.push(row.line);
    }
  }
  refuseFew(file, rows.length, unscored.length);
  refuseZero(file, rows);
  return { rows, unscored, others, total, contradictions: await contradictionsOf(rows, search) };
}

function signalsOf(
  row: ReadRow,
  pair: Pair,
  pairs: number,
  { measured, reading }: SuspectSearch,
  columns: readonly (readonly string[])[],
): RowSignals | null {
  const { own, exchanged } = pairKeys(pair);
  const scored = measured.get(keyNumber(own));
  const other = scored ?? measured.get(keyNumber(exchanged));
  if (other === undefined) return null;
  const sign = scored ? 1 : -1;
  return {
    row: row.row,
    line: row.line,
    key: own,
    margins: other.margins.map((margin) => (margin === null ? null : sign * margin)),
    baseGap: sign * other.baseGap,
    // A list was made into pairs by its scores.
    scoreGap: pairs === 1 && row.result.kind === 'pair' ? scoreGap(row, reading) : null,
    groups: columns.map((keys) => asGroup(valueAt(row.value, keys))),
  };
}

function scoreGap(row: ReadRow, reading: Reading): number | null {
  const queried = asQueried(row.text, row.result, reading);
  const score = (side: 'chosen' | 'rejected'): number | null =>
    numberOf(queried, { kind: 'measure', field: 'score', of: { kind: 'side', side } });
  const [chosen, rejected] = [score('chosen'), score('rejected')];
  return chosen === null || rejected === null ? null : chosen - rejected;
}

function asGroup(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function refuseFew(file: string, scored: number, unscored: number): void {
  if (scored >= fewestRows) return;
  if (scored === 0 && unscored > 0) {
    const message = `The runs scored none of the ${unscored} pairs of ${file}: they trained on another file, or its rows were edited since. Name a run of this file with --run, or train with --model DIR.`;
    throw new MarginError('nothing-scored', message, { file });
  }
  const message = `${file} has ${scored} scored pairs, and suspects need ${fewestRows}: fewer do not show how margins spread. Look at margin score --run RUN instead, lowest margins first.`;
  throw new MarginError('too-few-rows', message, { file, rows: scored });
}

function refuseZero(file: string, rows: readonly RowSignals[]): void {
  if (rows.some(({ margins }) => margins.some((margin) => margin !== null && margin !== 0))) return;
  const message = `All margins are 0: the rewards of ${file} are those of a model beside itself. Name a run that trained, or score with --adapter or --reference.`;
  throw new MarginError('no-margins', message, { file });
}

/** Rows with the same words in prompt and answers that prefer different ones. Rows of lists are left out. */
async function contradictionsOf(
  rows: readonly RowSignals[],
  { file, reading, script, signal }: SuspectSearch,
): Promise<Contradiction[]> {
  const { disputes, placeOf } = await findDuplicates({
    files: [file],
    reading,
    part: 'pair',
    threshold: 1,
    script,
    signal,
  });
  const indexOf = new Map<number, number | null>();
  for (const [i, { row }] of rows.entries()) indexOf.set(row, indexOf.has(row) ? null : i);
  const indices = (some: readonly number[]): number[] => some.flatMap((row) => indexOf.get(placeOf(row).row) ?? []);
  return disputes
    .filter(({ kind }) => kind === 'contradiction')
    .map(({ better, worse }) => ({ better: indices(better), worse: indices(worse) }))
    .filter(({ better, worse }) => better.length > 0 && worse.length > 0);
}
