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
  const parts = namedTurns(result);
  if (parts === null) return [{ name: 'line', text: line }];
  // A single turn is its text. Several turns have their roles before them.
  return parts.map(({ name, turns }) => ({
    name,
    text: turns.length === 1 ? turns.map(({ content }) => content).join('') : withRoles(turns).join('\n\n'),
  }));
}

/**
 * A row as one text to compare with others: its parts, turn by turn, each with its role, which an edit may change. A
 * row without answers is the line itself.
 */
export function rowAsText(result: PairResult, line: string): string {
  const parts = namedTurns(result);
  if (parts === null) return line;
  return `${parts.map(({ name, turns }) => [`── ${name} ──`, ...withRoles(turns)].join('\n')).join('\n\n')}\n`;
}

/** The prompt, if there is one, and the answers; null if the row holds none. */
function namedTurns(
  result: PairResult,
): readonly { readonly name: string; readonly turns: readonly Message[] }[] | null {
  if (!('format' in result)) return null;
  const { prompt, answers } = checkedRow(result);
  const asked = prompt.length === 0 ? [] : [{ name: 'prompt', turns: prompt }];
  return [...asked, ...answers.map(({ field, turns }) => ({ name: field, turns }))];
}

function withRoles(turns: readonly Message[]): readonly string[] {
  return turns.map(({ role, content }) => `${role}: ${content}`);
}
