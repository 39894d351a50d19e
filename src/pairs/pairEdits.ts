import { withCopies } from './copies';
import type { Edit } from './edits';
import { explicitConversational } from './formats/explicitConversational';
import { MarginError } from '../base/pure/marginError';
import { type ListEdit, listLine } from './listEdits';
import type { JsonObject } from './json';
import type { Message } from './pair';
import type { Reading } from './reading';
import { type AnsweredRow, type PairOrJudged, type PairResult, readPair } from './readPair';
import { fixRow } from './rules/fixes/fixRow';
import { splitPair } from './splitPair';
import { swapSides } from './swapSides';
import {
  editTurns,
  isAnswer,
  refuseOtherTurns,
  sideName,
  type TextSide,
  type TurnEdit,
  type TurnSide,
} from './turnEdits';
import { withTools } from './tools/rowTools';
import { newLine, writeLine } from './writeLine';

/**
 * What a person does to a row; rows count from 0.
 *
 * - `text` gives one turn of a side a new text; `turn` counts from 0; if it equals the number of turns, a turn is
 *   added.
 * - `raw` replaces the line.
 * - `swap` exchanges the answers of a pair, or flips the label of a judged answer.
 * - `tools` gives the row other tools, as JSON of a list; an empty text removes them.
 * - `fix` mends the problem of a rule, see `fixRow`.
 * - A {@link ListEdit} changes an answer of a list.
 * - A {@link TurnEdit} adds, removes or moves a turn, or changes its role.
 * - `move` puts the row before the one above it (−1) or after the one below it (1), in the order of the file.
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
  | TurnEdit
  | ListEdit
  | { readonly kind: 'tools'; readonly row: number; readonly text: string }
  | { readonly kind: 'fix'; readonly row: number; readonly rule: string }
  | { readonly kind: 'swap'; readonly row: number }
  | { readonly kind: 'move'; readonly row: number; readonly by: -1 | 1 }
  | { readonly kind: 'delete'; readonly row: number }
  | { readonly kind: 'duplicate'; readonly row: number }
  | { readonly kind: 'insert'; readonly row: number };

/**
 * Turns the edit of a row into an edit of lines.
 *
 * @param line the line of `edit.row`; undefined only in an empty file, where `insert` adds the first row
 * @param reading how the rows of the file are read
 * @returns the edit, and the row to show after it
 * @throws MarginError `not-a-pair` if the line holds no pair to edit; `no-such-turn`; `last-turn`; `no-split`;
 *   `no-tools` if a format has no place for tools or the text is no list of them; `not-in-format` if the row's format
 *   has no place for the new turns; `not-fixable`; `no-such-row`; `line-break` if a `raw` text for a row of one line
 *   contains one
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
    case 'splitTurn':
      return { edit: { op: 'insert', row: row + 1, lines: [splitLine(edit, line, reading)] }, row: row + 1 };
    case 'duplicate':
      return { edit: { op: 'insert', row: row + 1, lines: [line] }, row: row + 1 };
    case 'move': {
      const to = edit.by === 1 ? row + 2 : row - 1;
      return { edit: { op: 'move', from: row, count: 1, to }, row: row + edit.by };
    }
    case 'delete':
      return { edit: { op: 'delete', row, lines: [line] }, row };
    default:
      return { edit: { op: 'replace', row, line: changed(edit, line, reading), previous: line }, row };
  }
}

/** The line that gives a new row its format, in an empty file. */
const noNeighbour = '';

type TextEdit = Extract<PairEdit, { kind: 'text' }>;
type SplitEdit = Extract<PairEdit, { kind: 'splitTurn' }>;
type RowEdit = Exclude<PairEdit, { kind: 'splitTurn' | 'move' | 'delete' | 'duplicate' | 'insert' }>;

function changed(edit: RowEdit, line: string, reading: Reading): string {
  if (edit.kind === 'raw') return oneLine(edit.line, line, edit.row);
  if (edit.kind === 'fix') return mended(line, edit, reading);
  if (edit.kind === 'tools') return withTools(line, answered(edit.row, line, reading), edit.text);
  if (edit.kind === 'answer' || edit.kind === 'rate') return ofList(edit, line, reading);
  const result = answered(edit.row, line, reading);
  if (result.kind === 'list') {
    if (edit.kind === 'swap') return refuseSwap(edit.row);
    return edit.kind === 'text' ? ofList(edit, line, reading) : listLine(edit, line, result, reading);
  }
  if (edit.kind === 'swap') return swapped(result, line, reading);
  if (edit.kind === 'text') return writeLine(line, withCopies(result.value, written(withText(result, edit)), reading));
  const meant = withSide(result, edit, (turns) => editTurns(turns, edit));
  const value = withCopies(result.value, written(meant), reading);
  refuseOtherTurns(meant, value, reading, edit.row);
  return writeLine(line, value);
}

function ofList(edit: ListEdit | TextEdit, line: string, reading: Reading): string {
  const result = readPair(line, reading);
  if (result.kind === 'list' && (edit.kind !== 'text' || edit.side === 'prompt'))
    return listLine(edit, line, result, reading);
  throw new MarginError('no-such-turn', `Row ${edit.row + 1} has no such answer.`, { row: edit.row });
}

function refuseSwap(row: number): never {
  const message = `Row ${row + 1} is a list of answers, which has no sides to swap: change a score or rank.`;
  throw new MarginError('not-a-pair', message, { row });
}

/** The line of the new row. It has the format and the tools of the old one; other columns are about the old pair. */
function splitLine({ row, side, turn }: SplitEdit, line: string, reading: Reading): string {
  const result = answered(row, line, reading);
  if (result.kind === 'list' || isAnswer(side)) {
    const message = `Row ${row + 1} is a list of answers. Nobody has rated their earlier turns, so it cannot be split.`;
    throw new MarginError('no-split', message, { row });
  }
  if (result.kind === 'judged' || side === 'completion') {
    const message = `Row ${row + 1} is one judged answer. Nobody has judged its earlier answers, so it cannot be split.`;
    throw new MarginError('no-split', message, { row });
  }
  const { format, value } = result;
  const pair = splitPair(result.pair, { row, side, turn });
  const blank = { ...format.blank(value), ...('tools' in value ? { tools: value['tools'] } : {}) };
  const next = format.write(blank, pair);
  refuseOtherTurns({ ...result, pair }, next, reading, row);
  return newLine(next, line);
}

function mended(line: string, { row, rule }: Extract<PairEdit, { kind: 'fix' }>, reading: Reading): string {
  const found = fixRow(line, reading, (fix) => fix.rule === rule);
  if (found) return found.line;
  throw new MarginError('not-fixable', `Row ${row + 1} has no problem of ${rule} that can be mended: edit its text.`, {
    row,
  });
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

/** The row as its format writes what it holds. */
export function written(result: PairOrJudged): JsonObject {
  if (result.kind === 'pair') return result.format.write(result.value, result.pair);
  return result.format.write(result.value, result.answer);
}

function readAt(row: number, line: string, reading: Reading): PairOrJudged {
  const result = readPair(line, reading);
  if (result.kind === 'pair' || result.kind === 'judged') return result;
  throw new MarginError('not-a-pair', `Row ${row + 1} holds no pair: ${result.reason} Edit it as text.`, {
    row,
  });
}

/** A row that may have tools: also a list. */
function answered(row: number, line: string, reading: Reading): AnsweredRow {
  const result = readPair(line, reading);
  return result.kind === 'list' ? result : readAt(row, line, reading);
}

function withText(result: PairOrJudged, edit: TextEdit): PairOrJudged {
  return withSide(result, edit, (turns) => withTurn(turns, edit));
}

/** The row with other turns on one side. @throws MarginError `no-such-turn` if the row has no such side */
function withSide(
  result: PairOrJudged,
  { row, side }: { readonly row: number; readonly side: TurnSide },
  change: (turns: readonly Message[]) => readonly Message[],
): PairOrJudged {
  if (result.kind === 'pair') {
    if (side === 'completion' || isAnswer(side)) throw noSuchSide(row, side, 'a pair');
    return { ...result, pair: { ...result.pair, [side]: change(result.pair[side]) } };
  }
  if (side === 'chosen' || side === 'rejected' || isAnswer(side)) throw noSuchSide(row, side, 'a judged answer');
  return { ...result, answer: { ...result.answer, [side]: change(result.answer[side]) } };
}

function noSuchSide(row: number, side: TurnSide, what: string): MarginError {
  return new MarginError('no-such-turn', `Row ${row + 1} is ${what} and has no ${sideName(side)}.`, { row, side });
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
