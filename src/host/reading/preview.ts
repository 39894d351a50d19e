import type { JsonObject } from '../../pairs/json';
import type { Message } from '../../pairs/pair';
import { pairOf } from '../../pairs/readPair';
import type { Reading } from '../../pairs/reading';

const shownCharacters = 60;

/** A row in one line: `Which is bigger? ▸ A horse. ▸ A bee.`, or why it is not read. */
export function previewOf(row: JsonObject, reading: Reading): string {
  const result = pairOf(row, reading);
  if (result.kind === 'not-a-pair' || result.kind === 'list') return result.reason;
  if (result.kind === 'judged') {
    const { prompt, completion, label } = result.answer;
    return [prompt, completion]
      .map(textOf)
      .concat(label ? 'good' : 'bad')
      .join(' ▸ ');
  }
  const { prompt, chosen, rejected } = result.pair;
  return [prompt, chosen, rejected].map(textOf).join(' ▸ ');
}

function textOf(turns: readonly Message[]): string {
  const text = turns.map(({ content }) => content).join(' / ');
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > shownCharacters ? `${line.slice(0, shownCharacters - 1)}…` : line;
}
