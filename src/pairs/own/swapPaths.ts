import { isRecord } from '../../base/pure/isRecord';
import { at } from '../../base/pure/must';
import type { JsonObject } from '../json';
import { wordsOf } from '../sideColumns';
import { valueAt, withValueAt } from './keyPath';

type Keys = readonly string[];

/**
 * The row with its answers exchanged. If the two paths differ in one key, everything under that key is exchanged
 * (`answers.0` and `answers.1` with their scores), unless it holds another column. Keys beside it with matching names
 * are exchanged too: `good_score` and `bad_score` beside `good_reply` and `bad_reply`.
 *
 * @param others the paths of the other columns, which stay
 */
export function swapPaths(row: JsonObject, chosen: Keys, rejected: Keys, others: readonly Keys[]): JsonObject {
  const differs = chosen.flatMap((key, i) => (key === rejected[i] ? [] : [i]));
  const [depth] = differs;
  if (depth === undefined || differs.length > 1 || chosen.length !== rejected.length)
    return exchanged(row, chosen, rejected);
  const [one, other] = [chosen.slice(0, depth + 1), rejected.slice(0, depth + 1)];
  const whole = !others.some((path) => startsWith(path, one) || startsWith(path, other));
  const parent = chosen.slice(0, depth);
  const swapped = whole ? exchanged(row, one, other) : exchanged(row, chosen, rejected);
  return namedAlike(valueAt(row, parent), at(chosen, depth), at(rejected, depth))
    .map((pair) => pair.map((key) => [...parent, key]))
    .filter((paths) => !paths.some((path) => others.some((column) => startsWith(column, path))))
    .reduce((before, paths) => exchanged(before, at(paths, 0), at(paths, 1)), swapped);
}

function exchanged(row: JsonObject, one: Keys, other: Keys): JsonObject {
  return withValueAt(withValueAt(row, one, valueAt(row, other)), other, valueAt(row, one));
}

/** The pairs of other keys of an object that differ in the word in which `one` and `other` differ. */
function namedAlike(parent: unknown, one: string, other: string): readonly (readonly [string, string])[] {
  const [words, otherWords] = [wordsOf(one), wordsOf(other)];
  const differing = words.flatMap((word, i) => (word === otherWords[i] ? [] : [[word, otherWords[i]] as const]));
  const [pair] = differing;
  if (!isRecord(parent) || pair === undefined || differing.length > 1 || words.length !== otherWords.length) return [];
  const [word, otherWord] = pair;
  const keys = Object.keys(parent);
  return keys.flatMap((key) => {
    if (key === one || !wordsOf(key).includes(word)) return [];
    const wanted = wordsOf(key).map((part) => (part === word ? otherWord : part));
    const found = keys.find((candidate) => candidate !== other && wordsOf(candidate).join(' ') === wanted.join(' '));
    return found === undefined ? [] : [[key, found] as const];
  });
}

function startsWith(path: Keys, start: Keys): boolean {
  return start.every((key, i) => path[i] === key);
}
