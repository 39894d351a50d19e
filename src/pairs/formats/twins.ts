import { must } from '../../base/pure/must';
import { wordsOf } from '../sideColumns';

/** Words that number two answers: the first of each is the first answer. */
const marks: readonly (readonly [string, string])[] = [
  ['1', '2'],
  ['0', '1'],
  ['a', 'b'],
  ['left', 'right'],
  ['first', 'second'],
  ['one', 'two'],
];

/**
 * The two names that differ only in such a mark, the first answer's name first: `response_1` and `response_2`,
 * `answerA` and `answerB`. Null if there are none, or several.
 */
export function twins(names: readonly string[]): readonly [string, string] | null {
  const found = allTwins(names);
  const [pair] = found;
  return pair && found.length === 1 ? pair : null;
}

/** All such pairs of names. */
export function allTwins(names: readonly string[]): readonly (readonly [string, string])[] {
  return names.flatMap((one) =>
    names.filter((other) => areTwins(one, other)).map((other): [string, string] => [one, other]),
  );
}

/** The words that number two names: `1` and `2` for `response_1` and `response_2`. */
export function marksOf([one, other]: readonly [string, string]): readonly [string, string] {
  const [a, b] = [wordsOf(one), wordsOf(other)];
  const place = a.findIndex((word, i) => word !== b[i]);
  return [must(a[place], 'the mark of a name'), must(b[place], 'the mark of a name')];
}

function areTwins(one: string, other: string): boolean {
  const [a, b] = [wordsOf(one), wordsOf(other)];
  if (one === other || a.length !== b.length) return false;
  const different = a.flatMap((word, i) => (word === b[i] ? [] : [i]));
  const [place] = different;
  return different.length === 1 && place !== undefined && marks.some(([x, y]) => a[place] === x && b[place] === y);
}
