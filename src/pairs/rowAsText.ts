import { checkedRow } from './checkedRow';
import type { Message } from './pair';
import type { PairResult } from './readPair';

/** A row as a text to compare with others: its prompt and answers, turn by turn. Any other row is the line itself. */
export function rowAsText(result: PairResult, line: string): string {
  if (!('format' in result)) return line;
  const { prompt, answers } = checkedRow(result);
  const parts = [part('prompt', prompt), ...answers.map(({ field, turns }) => part(field, turns))];
  return `${parts.join('\n\n')}\n`;
}

function part(name: string, turns: readonly Message[]): string {
  return [`── ${name} ──`, ...turns.map(({ role, content }) => `${role}: ${content}`)].join('\n');
}
