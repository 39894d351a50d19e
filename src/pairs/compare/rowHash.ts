import { isRecord } from '../../base/pure/isRecord';
import { type Hash, Hasher, startOne, startTwo, factorOne, factorTwo } from '../hasher';
import type { Message } from '../pair';
import { pairsToQuery, parsedRow, type QueriedRow, turnsOf } from '../query/queriedRow';

/**
 * What is compared of a row: `row` is all of its content, the others are its texts, to find it again after an edit. Key
 * order, spacing and escapes of the line do not count, white space inside texts does. `answers` are the answers in any
 * order.
 */
export const comparedParts = ['row', 'prompt', 'answers', 'chosen', 'rejected'] as const;
export type ComparedPart = (typeof comparedParts)[number];

/** A hash of a row as a number of 52 bits: the odds that two of a million rows collide are 1 in 9,000. */
export interface RowHash {
  readonly kind: 'hash';
  readonly of: ComparedPart;
}

/** The hash of a part of a row; null if the row has no such text. `row` is never null. */
export function hashOf(row: QueriedRow, { of }: RowHash): number | null {
  switch (of) {
    case 'row': {
      const value = parsedRow(row);
      const hasher = new Hasher();
      if (value === undefined) addText(hasher, row.text);
      else addValue(hasher, value);
      return asNumber(hasher.finished);
    }
    case 'answers':
      return answersHash(answersOf(row));
    default:
      return row.result.kind === 'list' && of !== 'prompt' ? null : turnsHash(turnsOf(row, of));
  }
}

function answersOf({ result }: QueriedRow): readonly (readonly Message[])[] {
  if (result.kind === 'list') return result.list.answers.map(({ turns }) => turns);
  return pairsToQuery(result).flatMap(({ chosen, rejected }) => [chosen, rejected]);
}

function answersHash(answers: readonly (readonly Message[])[]): number | null {
  const each = answers.map(turnsHash).filter((hash) => hash !== null);
  if (each.length === 0) return null;
  const hasher = new Hasher();
  for (const hash of each.sort((a, b) => a - b)) hasher.unit(Math.floor(hash / 2 ** 26)).unit(hash % 2 ** 26);
  return asNumber(hasher.finished);
}

function turnsHash(turns: readonly Message[] | null): number | null {
  if (turns === null || turns.every(({ content }) => content.trim() === '')) return null;
  const hasher = new Hasher();
  addValue(hasher, turns);
  return asNumber(hasher.finished);
}

/** Kinds of values, so that the text "1" is not the number 1. */
const [list, object, text, other] = [1, 2, 3, 4] as const;

function addValue(hasher: Hasher, value: unknown): void {
  if (typeof value === 'string') {
    addText(hasher.unit(text), value);
  } else if (Array.isArray(value)) {
    hasher.unit(list);
    for (const item of value) addValue(hasher, item);
    hasher.endList();
  } else if (isRecord(value)) {
    hasher.unit(object);
    for (const key of Object.keys(value).sort()) {
      addText(hasher, key);
      addValue(hasher, value[key]);
    }
    hasher.endList();
  } else {
    addText(hasher.unit(other), String(value));
  }
}

/** Adds each character of a text, which `Hasher.text` does not. It takes the most time, so variables are local. */
function addText(hasher: Hasher, content: string): void {
  let [one, two] = [startOne, startTwo];
  for (let i = 0; i < content.length; i++) {
    const code = content.charCodeAt(i);
    one = Math.imul(one ^ code, factorOne);
    one ^= one >>> 15;
    two = Math.imul(two ^ code, factorTwo);
    two ^= two >>> 13;
  }
  hasher.unit(content.length).unit(one).unit(two);
}

export function asNumber({ high, low }: Hash): number {
  return high * 2 ** 20 + (low >>> 12);
}
