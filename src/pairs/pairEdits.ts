import type { Edit } from './edits';
import { explicitConversational } from './formats/explicitConversational';
import { MarginError } from '../base/pure/marginError';
import type { Message, Pair, Side } from './pair';
import { type PairResult, readPair } from './readPair';
import { newLine, swapSides, writeLine } from './writeLine';

/** What a person does to a row of pairs. */
export type PairEdit =
  | { readonly kind: 'text'; readonly row: number; readonly side: Side; readonly turn: number; readonly content: string }
  | { readonly kind: 'raw'; readonly row: number; readonly line: string }
  | { readonly kind: 'swap'; readonly row: number }
  | { readonly kind: 'delete'; readonly row: number }
  | { readonly kind: 'duplicate'; readonly row: number }
  | { readonly kind: 'insert'; readonly row: number };

/**
 * The edit of lines that does what `edit` says, and the row to show after it. `line` is the line of `edit.row`, undefined
 * only in an empty file. `duplicate` and `insert` put the new row after it; an inserted row has the line's shape and style.
 * Throws MarginError `not-a-pair`, `no-such-turn`, `no-such-row`, `line-break`.
 */
export function lineEdit(edit: PairEdit, line: string | undefined): { readonly edit: Edit; readonly row: number } {
  const { row } = edit;
  if (edit.kind === 'insert') {
    const at = line === undefined ? 0 : row + 1;
    return { edit: { op: 'insert', row: at, lines: [blankLine(line ?? '')] }, row: at };
  }
  if (line === undefined) throw new MarginError('no-such-row', `There is no line ${row + 1}.`, { row });
  switch (edit.kind) {
    case 'duplicate':
      return { edit: { op: 'insert', row: row + 1, lines: [line] }, row: row + 1 };
    case 'delete':
      return { edit: { op: 'delete', row, lines: [line] }, row };
    default:
      return { edit: { op: 'replace', row, line: changed(edit, line), previous: line }, row };
  }
}

function changed(edit: Extract<PairEdit, { kind: 'text' | 'raw' | 'swap' }>, line: string): string {
  if (edit.kind === 'raw') return oneLine(edit.line, edit.row);
  const result = pairAt(edit.row, line);
  if (edit.kind === 'swap') return swapSides(line);
  return writeLine(line, result.format.write(result.value, withText(result.pair, edit)));
}

function pairAt(row: number, line: string): Extract<PairResult, { kind: 'pair' }> {
  const result = readPair(line);
  if (result.kind === 'pair') return result;
  throw new MarginError('not-a-pair', `Line ${row + 1} holds no pair: ${result.reason} Edit the line as text.`, { row });
}

/** The pair with one turn's text changed; `turn` may be the number of turns, which adds one. */
function withText(pair: Pair, edit: Extract<PairEdit, { kind: 'text' }>): Pair {
  const turns = pair[edit.side];
  const { turn, content } = edit;
  if (turn < 0 || turn > turns.length) {
    throw new MarginError('no-such-turn', `Line ${edit.row + 1} has ${turns.length} turns in ${edit.side}, not ${turn + 1}.`, { row: edit.row, turn });
  }
  const added: Message = { role: edit.side === 'prompt' ? 'user' : 'assistant', content };
  const before = turns[turn];
  const side = before ? turns.with(turn, { ...before, content }) : [...turns, added];
  return { ...pair, [edit.side]: side };
}

function oneLine(text: string, row: number): string {
  if (!/[\r\n]/.test(text)) return text;
  throw new MarginError('line-break', `Line ${row + 1} must stay one line: write line breaks inside a text as \\n.`, { row });
}

function blankLine(neighbour: string): string {
  const result = readPair(neighbour);
  const format = result.kind === 'pair' ? result.format : explicitConversational;
  return newLine(format.blank(result.kind === 'pair' ? result.value : {}), neighbour);
}
