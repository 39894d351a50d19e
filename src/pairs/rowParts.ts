import { checkedRow } from './checkedRow';
import type { Message } from './pair';
import type { PairResult } from './readPair';

/** A text of a row, under the name of its field. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/**
 * The texts of a row, to compare them with those of others: its prompt, if it has one, and its answers.
 *
 *   rowParts(readRow('{"prompt":"Q","chosen":"a","rejected":"b"}', reading), line);
 *   // prompt: Q; chosen: a; rejected: b
 *
 * @param line the text of the row, which is its only part if it holds no answers
 */
export function rowParts(result: PairResult, line: string): readonly NamedText[] {
  if (!('format' in result)) return [{ name: 'line', text: line }];
  const { prompt, answers } = checkedRow(result);
  const asked = prompt.length === 0 ? [] : [{ name: 'prompt', text: textOf(prompt) }];
  return [...asked, ...answers.map(({ field, turns }) => ({ name: field, text: textOf(turns) }))];
}

/** A single turn is its text. Several turns have their roles before them. */
function textOf(turns: readonly Message[]): string {
  const [only] = turns;
  if (only && turns.length === 1) return only.content;
  return turns.map(({ role, content }) => `${role}: ${content}`).join('\n\n');
}
