import type { Refusal, Refused } from './rowChange';

/** Most letters of a text in the name of an undo step. */
const mostLetters = 30;

/** `1,234 rows`. */
export function rowsIn(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'row' : 'rows'}`;
}

/** `1,234 matches`. */
export function matchesIn(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'match' : 'matches'}`;
}

/** The name of an undo step: `Replace “x” with “y” in 34 rows`. */
export function replaceLabel(text: string, replacement: string, rows: number): string {
  return `Replace ${quoted(text)} with ${quoted(replacement)} in ${rowsIn(rows)}`;
}

/** Says how many rows could not be changed, and why, a sentence each. */
export function refusedSentences(refused: Refused): readonly string[] {
  return refused.map(({ refusal, rows }) => {
    const [one, many] = reasons[refusal];
    return `${rowsIn(rows)} ${rows === 1 ? `stays as it is: it ${one}` : `stay as they are: they ${many}`}.`;
  });
}

const reasons: Readonly<Record<Refusal, readonly [one: string, many: string]>> = {
  list: ['is a list of answers, which is not edited here', 'are lists of answers, which are not edited here'],
  'no-pair': ['holds no pair, so edit it as text', 'hold no pair, so edit them as text'],
  'not-in-format': ['has a format without a place for the result', 'have formats without a place for the result'],
};

/** Why one row is not changed. */
export const refusalNames: Readonly<Record<Refusal, string>> = {
  list: 'a list of answers is not edited here',
  'no-pair': 'the row holds no pair',
  'not-in-format': 'its format has no place for the result',
};

function quoted(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return `“${line.length > mostLetters ? `${line.slice(0, mostLetters)}…` : line}”`;
}
