import { withCopies } from './copies';
import type { Edit } from './edits';
import { explicitConversational } from './formats/explicitConversational';
import { MarginError } from '../base/pure/marginError';
import type { JsonObject } from './json';
import type { JudgedAnswer } from './judged';
import type { Message, Pair, Side } from './pair';
import type { Reading } from './reading';
import { type PairOrJudged, type PairResult, readPair } from './readPair';
import { swapSides } from './swapSides';
import { newLine, writeLine } from './writeLine';

/** A list of turns of a row: those of a pair, or the prompt and the completion of a judged answer. */
export type TextSide = Side | 'completion';

/**
 * What a person does to a row; rows count from 0.
 *
 * - `text` gives one turn of a side a new text; `turn` counts from 0; if it equals the number of turns, a turn is
 *   added.
 * - `raw` replaces the line.
 * - `swap` exchanges the answers of a pair, or flips the label of a judged answer.
 * - `duplicate` adds a copy of the row after it; `insert` adds an empty row after it, in the format of the row.
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
 * Turns the edit of a row into an edit of lines.
 *
 * @param line the line of `edit.row`; undefined only in an empty file, where `insert` adds the first row
 * @param reading how the rows of the file are read
 * @returns the edit, and the row to show after it
 * @throws MarginError `not-a-pair` if the line holds no pair to edit; `no-such-turn`; `no-such-row`; `line-break` if a
 *   `raw` text for a row of one line contains one
 */
export function lineEdit(
  edit: PairEdit,
  line: string | undefined,
  reading: Reading,
): { readonly edit: Edit; readonly row: number } {
  const { row } = edit;
  if (edit.kind === 'insert') {
    const at = line === undefined ? 0 : row + 1;
    return { edit: { op: 'insert', row: at, lines: [blankLine(line ?? noNeighbour, reading)] }, row: at };
  }
  if (line === undefined) throw new MarginError('no-such-row', `There is no row ${row + 1}.`, { row });
  switch (edit.kind) {
    case 'duplicate':
      return { edit: { op: 'insert', row: row + 1, lines: [line] }, row: row + 1 };
    case 'delete':
      return { edit: { op: 'delete', row, lines: [line] }, row };
    default:
      return { edit: { op: 'replace', row, line: changed(edit, line, reading), previous: line }, row };
  }
}

/** The line that gives a new row its format, in an empty file. */
const noNeighbour = '';

type TextEdit = Extract<PairEdit, { kind: 'text' }>;

function changed(edit: Extract<PairEdit, { kind: 'text' | 'raw' | 'swap' }>, line: string, reading: Reading): string {
  if (edit.kind === 'raw') return oneLine(edit.line, line, edit.row);
  const result = readAt(edit.row, line, reading);
  if (edit.kind === 'swap') return swapped(result, line, reading);
  return writeLine(line, withCopies(result.value, edited(result, edit), reading));
}

function swapped(result: PairOrJudged, line: string, reading: Reading): string {
  if (result.kind === 'pair') return result.format.swap ? swappedRow(result, line, reading) : swapSides(line, reading);
  const { answer, format, value } = result;
  return writeLine(line, format.write(value, { ...answer, label: !answer.label }));
}

/** Exchanges the answers with the format's own function, for formats whose keys do not name the sides. */
function swappedRow({ format, value }: Extract<PairResult, { kind: 'pair' }>, line: string, reading: Reading): string {
  const next = format.swap?.(value);
  return next ? writeLine(line, withCopies(value, next, reading)) : swapSides(line, reading);
}

function edited(result: PairOrJudged, edit: TextEdit): JsonObject {
  if (result.kind === 'pair') return result.format.write(result.value, withText(result.pair, edit));
  return result.format.write(result.value, withAnswerText(result.answer, edit));
}

function readAt(row: number, line: string, reading: Reading): PairOrJudged {
  const result = readPair(line, reading);
  if (result.kind === 'pair' || result.kind === 'judged') return result;
  throw new MarginError('not-a-pair', `Row ${row + 1} holds no pair: ${result.reason} Edit it as text.`, {
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
  return new MarginError('no-such-turn', `Row ${row + 1} is ${what} and has no ${side}.`, { row, side });
}

/** The turns with one text replaced. If `turn` is the number of turns, a turn is added. */
function withTurn(turns: readonly Message[], { row, side, turn, content }: TextEdit): readonly Message[] {
  if (turn < 0 || turn > turns.length) {
    throw new MarginError('no-such-turn', `Row ${row + 1} has ${turns.length} turns in ${side}, not ${turn + 1}.`, {
      row,
      turn,
    });
  }
  const added: Message = { role: side === 'prompt' ? 'user' : 'assistant', content };
  const before = turns[turn];
  return before ? turns.with(turn, { ...before, content }) : [...turns, added];
}

function oneLine(text: string, line: string, row: number): string {
  // A row of several lines is part of an array, where line breaks end no row.
  if (!/[\r\n]/.test(text) || /[\r\n]/.test(line)) return text;
  throw new MarginError('line-break', `Row ${row + 1} must stay on one line: write line breaks inside a text as \\n.`, {
    row,
  });
}

function blankLine(neighbour: string, reading: Reading): string {
  const result = readPair(neighbour, reading);
  const blank =
    result.kind === 'pair' || result.kind === 'judged'
      ? result.format.blank(result.value)
      : explicitConversational.blank({});
  return newLine(blank, neighbour);
}
