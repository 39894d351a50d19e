import type { JsonObject } from '../json';
import { formatKeys } from '../formatKeys';
import { ownId } from '../own/ownFacts';
import { detectAll } from '../reading';
import { pairOf, type PairOrJudged } from '../readPair';
import { otherSideKey, wordsOf } from '../sideColumns';
import { loss } from './loss';
import { partlyRead } from './partlyRead';
import type { Target, Written } from './target';

/**
 * Adds the columns of the old row that its format does not read (scores, ids, names of models) and the weight of its
 * pair, and says which ones are not carried. These are all of them if the target allows none, else those whose names
 * mean something else in the new row.
 */
export function withExtraColumns(written: Written, row: PairOrJudged, target: Target): Written {
  const lost = partlyRead(row, target);
  const extra = extraColumns(row);
  const weight = 'weight' in extra ? {} : weightOf(row);
  const all = { ...extra, ...weight };
  if (Object.keys(all).length === 0) return { ...written, losses: [...written.losses, ...lost] };
  const carried = target.extraColumns ? freeColumns(all, written.rows, target) : {};
  const dropped = Object.keys(all).filter((key) => !Object.hasOwn(carried, key));
  return {
    rows: written.rows.map((one) => ({ ...one, ...ownSide(carried, one) })),
    losses: [
      ...written.losses,
      ...lost,
      ...dropped.map((key) => (Object.hasOwn(extra, key) ? loss('column', key) : loss('weight'))),
      ...('weight' in weight && 'weight' in carried && row.format.id !== ownId ? [loss('strength')] : []),
    ],
  };
}

/** The columns that the row's format does not read. */
function extraColumns(row: PairOrJudged): JsonObject {
  const keys = formatKeys(row);
  return Object.fromEntries(Object.entries(row.value).filter(([key, item]) => !keys.includes(key) && item !== null));
}

/** The weight of the pair, if its format computed it or read it from a column with another name. */
function weightOf(row: PairOrJudged): JsonObject {
  const { weight } = row.kind === 'pair' ? row.pair : row.answer;
  return weight === undefined ? {} : { weight };
}

/** The columns whose names are not keys of the new rows. None if they would give the rows another tool's shape. */
function freeColumns(columns: JsonObject, rows: readonly JsonObject[], target: Target): JsonObject {
  const taken = new Set(rows.flatMap((row) => Object.keys(row)));
  const free = Object.fromEntries(Object.entries(columns).filter(([key]) => !taken.has(key)));
  return rows.every((row) => readsAs(target, { ...row, ...free })) ? free : {};
}

function readsAs(target: Target, row: JsonObject): boolean {
  const result = pairOf(row, detectAll);
  return result.kind !== 'not-a-pair' && target.reads.includes(result.format.id);
}

/** A judged answer takes only the columns of its own side: `score_chosen` goes to the good answer. */
function ownSide(columns: JsonObject, { label }: JsonObject): JsonObject {
  if (typeof label !== 'boolean') return columns;
  const other = label ? 'rejected' : 'chosen';
  return Object.fromEntries(
    Object.entries(columns).filter(([key]) => otherSideKey(key) === null || !wordsOf(key).includes(other)),
  );
}
