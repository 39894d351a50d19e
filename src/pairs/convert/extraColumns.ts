import type { JsonObject } from '../json';
import { detectAll } from '../reading';
import { pairOf, type PairOrJudged } from '../readPair';
import { keysOf } from '../keysOf';
import { otherSideKey, wordsOf } from '../sideColumns';
import { loss, type Loss } from './loss';
import { partlyRead } from './partlyRead';
import type { Target, Written } from './target';

/**
 * Adds the columns of the old row that its format does not read (scores, ids, names of models), and says which ones are
 * not carried: all, if the target allows none, and those whose names mean something else in the new row.
 */
export function withExtraColumns(written: Written, row: PairOrJudged, target: Target): Written {
  const lost = partlyRead(row, target);
  const extra = extraColumns(row);
  if (Object.keys(extra).length === 0) return { ...written, losses: [...written.losses, ...lost] };
  if (!target.extraColumns) return { ...written, losses: [...written.losses, ...lost, ...allOf(extra)] };
  const taken = new Set(written.rows.flatMap((one) => Object.keys(one)));
  const free = Object.fromEntries(Object.entries(extra).filter(([key]) => !taken.has(key)));
  const carried = written.rows.every((one) => readsAs(target, { ...one, ...free })) ? free : {};
  const rows = written.rows.map((one) => ({ ...one, ...ownSide(carried, one) }));
  const dropped = Object.fromEntries(Object.entries(extra).filter(([key]) => !Object.hasOwn(carried, key)));
  return { rows, losses: [...written.losses, ...lost, ...allOf(dropped)] };
}

/** The columns that the row's format does not read. */
function extraColumns(result: PairOrJudged): JsonObject {
  const keys = keysOf(result);
  return Object.fromEntries(Object.entries(result.value).filter(([key, item]) => !keys.includes(key) && item !== null));
}

function allOf(columns: JsonObject): Loss[] {
  return Object.keys(columns).map((key) => loss('column', key));
}

/** Other columns may give a row the shape of another tool; then it would be read as something else. */
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
