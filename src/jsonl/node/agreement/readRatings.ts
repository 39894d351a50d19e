import { MarginError } from '../../../base/pure/marginError';
import { at } from '../../../base/pure/must';
import { type ItemPlace, RatingTable, type Said, saidIn } from '../../../pairs/agreement/ratingTable';
import type { Label } from '../../../pairs/agreement/ratings';
import { keyNumber } from '../../../pairs/keyNumber';
import { type Verdict, verdicts } from '../../../pairs/marks/mark';
import { keysOf, valueAt } from '../../../pairs/own/keyPath';
import { checkedRow } from '../../../pairs/checkedRow';
import type { Message, Pair } from '../../../pairs/pair';
import { pairsIn } from '../../../pairs/pairsIn';
import type { Reading } from '../../../pairs/reading';
import { pairKeys } from '../pairKey';
import { type ReadRow, readPairs } from '../readPairs';
import type { Adjudications } from './adjudications';
import type { MarkReviewers } from './markReviewers';

/** A model as an annotator: what it said of each pair, by the pair's key. */
export interface ModelVerdicts {
  readonly name: string;
  readonly byKey: ReadonlyMap<number, Verdict>;
}

export interface RatingSources {
  readonly file: string;
  readonly reading: Reading;
  /** Key paths of columns, each of them an annotator; none if marks are read. */
  readonly columns: readonly string[];
  /** Null if columns are read. */
  readonly marks: MarkReviewers | null;
  readonly models: readonly ModelVerdicts[];
  readonly adjudications: Adjudications;
  readonly signal?: AbortSignal;
  readonly onProgress?: (rows: number) => void;
}

const progressRows = 1000;
/** Most characters of a prompt that a row of a list shows. */
const shownCharacters = 200;

/**
 * Reads what annotators said of the rows of a file: in its columns, or in marks files; and what models said.
 *
 * @throws MarginError `not-a-label` with file, line and column; those of `readRows`; the signal's reason if aborted
 */
export async function readRatings(sources: RatingSources): Promise<RatingTable> {
  const { file, reading, columns, marks, models, adjudications, signal, onProgress } = sources;
  const people = marks ? marks.names : columns;
  const table = new RatingTable([...people, ...models.map(({ name }) => name)]);
  const paths = columns.map((column) => ({ column, keys: keysOf(column) }));
  for await (const row of readPairs(file, { reading, ...(signal && { signal }) })) {
    if (row.row % progressRows === 0) onProgress?.(row.row);
    const pairs = pairsIn(row.result);
    if (marks) {
      for (const pair of pairs)
        table.add(placeOf(row, pair, pairs.length, adjudications), [...marks.said(pair), ...modelLabels(models, pair)]);
    } else {
      const said = paths.map((path) => inColumn(row, path, file));
      // A list becomes several pairs, and its columns describe none of them alone.
      const [pair, ...others] = pairs;
      const ofModels = pair && others.length === 0 ? modelLabels(models, pair) : models.map(() => nothing);
      if (models.length > 0) refuseOtherLabels(said, columns, row, file);
      table.add(placeOf(row, pair, pairs.length, adjudications), [...said, ...ofModels]);
    }
  }
  return table;
}

function placeOf(
  { row, line, result }: ReadRow,
  pair: Pair | undefined,
  pairs: number,
  adjudications: Adjudications,
): ItemPlace {
  const keys = pair === undefined || pairs > 1 ? null : pairKeys(pair);
  return {
    row,
    line,
    key: keys && keys.own,
    prompt: 'format' in result ? startOf(checkedRow(result).prompt) : '',
    adjudicated: keys && adjudications.of(keys),
  };
}

/** The start of the last turn of a user, on one line. */
function startOf(prompt: readonly Message[]): string {
  const turn = prompt.findLast(({ role }) => role === 'user') ?? prompt.at(-1);
  return turn === undefined ? '' : turn.content.slice(0, shownCharacters).replaceAll(/\s+/g, ' ').trim();
}

function inColumn(
  { value, line }: ReadRow,
  { column, keys }: { readonly column: string; readonly keys: readonly string[] },
  file: string,
): Said {
  const said = saidIn(valueAt(value, keys));
  if (typeof said !== 'string') return said;
  throw new MarginError('not-a-label', `${file}:${line}: ${JSON.stringify(column)} ${said}.`, { file, line, column });
}

function modelLabels(models: readonly ModelVerdicts[], pair: Pair): Said[] {
  if (models.length === 0) return [];
  const { own, exchanged } = pairKeys(pair);
  return models.map(({ byKey }) => {
    const verdict = byKey.get(keyNumber(own)) ?? opposite(byKey.get(keyNumber(exchanged)));
    return verdict === undefined ? nothing : new Map<string, Label>([['verdict', verdict]]);
  });
}

const nothing: Said = new Map();

function opposite(verdict: Verdict | undefined): Verdict | undefined {
  return verdict === 'keep' ? 'swap' : verdict === 'swap' ? 'keep' : verdict;
}

/** A model keeps or swaps, so columns with other labels cannot agree with it. */
function refuseOtherLabels(said: readonly Said[], columns: readonly string[], { line }: ReadRow, file: string): void {
  for (const [i, labels] of said.entries()) {
    const label = labels.get('verdict');
    if (label === undefined || verdicts.some((one) => one === label)) continue;
    const message = `${file}:${line}: ${JSON.stringify(at(columns, i))} is ${JSON.stringify(label)}, and rewards say keep, swap or tie. Write the labels as ${verdicts.join(', ')}, or leave out the rewards.`;
    throw new MarginError('not-a-label', message, { file, line, column: at(columns, i) });
  }
}
