import { withCopies } from './copies';
import type { Edit } from './edits';
import { explicitConversational } from './formats/explicitConversational';
import { MarginError } from '../base/pure/marginError';
import type { JsonObject } from './json';
import type { JudgedAnswer } from './judged';
import type { Message, Pair, Side } from './pair';
import { type PairResult, readPair } from './readPair';
import { swapSides } from './swapSides';
import { newLine, writeLine } from './writeLine';

/** A list of turns of a row: of a pair, or the prompt and the completion of a judged answer. */
export type TextSide = Side | 'completion';

/**
 * What a person does to a row. `swap` exchanges the answers of a pair, and turns the label of a judged answer round.
 */
export type PairEdit =
  | {
      readonly kind: 'text';
      readonly row: number;
      readonly side: TextSide;
      readonly turn: number;
      readonly content: string;
    }
  | { readonly kind: 'raw'; readonly row: number; readonly line: string }
  | { readonly kind: 'swap'; readonly row: number }
  | { readonly kind: 'delete'; readonly row: number }
  | { readonly kind: 'duplicate'; readonly row: number }
  | { readonly kind: 'insert'; readonly row: number };

/**
 * The edit of lines that does what `edit` says, and the row to show after it. `line` is the line of `edit.row`,
 * undefined only in an empty file. `duplicate` and `insert` put the new row after it; an inserted row has the line's
 * shape and style. Throws MarginError `not-a-pair`, `no-such-turn`, `no-such-row`, `line-break`.
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

type Read = Extract<PairResult, { kind: 'pair' | 'judged' }>;
type TextEdit = Extract<PairEdit, { kind: 'text' }>;

function changed(edit: Extract<PairEdit, { kind: 'text' | 'raw' | 'swap' }>, line: string): string {
  if (edit.kind === 'raw') return oneLine(edit.line, edit.row);
  const result = readAt(edit.row, line);
  if (edit.kind === 'swap') return swapped(result, line);
  return writeLine(line, withCopies(result.value, edited(result, edit)));
}

function swapped(result: Read, line: string): string {
  if (result.kind === 'pair') return result.format.swap ? swappedRow(result, line) : swapSides(line);
  const { answer, format, value } = result;
  return writeLine(line, format.write(value, { ...answer, label: !answer.label }));
}

/** For formats whose keys do not name the sides. */
function swappedRow({ format, value }: Extract<PairResult, { kind: 'pair' }>, line: string): string {
  const next = format.swap?.(value);
  return next ? writeLine(line, withCopies(value, next)) : swapSides(line);
}

function edited(result: Read, edit: TextEdit): JsonObject {
  if (result.kind === 'pair') return result.format.write(result.value, withText(result.pair, edit));
  return result.format.write(result.value, withAnswerText(result.answer, edit));
}

function readAt(row: number, line: string): Read {
  const result = readPair(line);
  if (result.kind === 'pair' || result.kind === 'judged') return result;
  throw new MarginError('not-a-pair', `Line ${row + 1} holds no pair: ${result.reason} Edit the line as text.`, {
    row,
  });
}

function withText(pair: Pair, edit: TextEdit): Pair {
  const { side } = edit;
  if (side === 'completion') throw noSuchSide(edit, 'a pair');
  return { ...pair, [side]: withTurn(pair[side], edit) };
}

function withAnswerText(answer: JudgedAnswer, edit: TextEdit): JudgedAnswer {
  const { side } = edit;
  if (side === 'chosen' || side === 'rejected') throw noSuchSide(edit, 'a judged answer');
  return { ...answer, [side]: withTurn(answer[side], edit) };
}

function noSuchSide({ row, side }: TextEdit, what: string): MarginError {
  return new MarginError('no-such-turn', `Line ${row + 1} is ${what} and has no ${side}.`, { row, side });
}

/** The turns with the text of one changed; `turn` may be the number of turns, which adds one. */
function withTurn(turns: readonly Message[], { row, side, turn, content }: TextEdit): readonly Message[] {
  if (turn < 0 || turn > turns.length) {
    throw new MarginError('no-such-turn', `Line ${row + 1} has ${turns.length} turns in ${side}, not ${turn + 1}.`, {
      row,
      turn,
    });
  }
  const added: Message = { role: side === 'prompt' ? 'user' : 'assistant', content };
  const before = turns[turn];
  return before ? turns.with(turn, { ...before, content }) : [...turns, added];
}

function oneLine(text: string, row: number): string {
  if (!/[\r\n]/.test(text)) return text;
  throw new MarginError('line-break', `Line ${row + 1} must stay one line: write line breaks inside a text as \\n.`, {
    row,
  });
}

function blankLine(neighbour: string): string {
  const result = readPair(neighbour);
  const blank =
    result.kind === 'pair' || result.kind === 'judged'
      ? result.format.blank(result.value)
      : explicitConversational.blank({});
  return newLine(blank, neighbour);
}
