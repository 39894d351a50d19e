import { MarginError } from '../base/pure/marginError';
import type { AnswerList, RatedAnswer } from './answerList';
import { sameJson } from './json';
import type { Message } from './pair';
import type { Reading } from './reading';
import { pairOf, type PairResult } from './readPair';
import { writeLine } from './writeLine';

type ListResult = Extract<PairResult, { kind: 'list' }>;

/** An edit of a row with a list of answers. Answers count from 0 in the order of the row. */
export type ListEdit =
  /** Gives a turn of an answer a new text. */
  | {
      readonly kind: 'answer';
      readonly row: number;
      readonly answer: number;
      readonly turn: number;
      readonly content: string;
    }
  /** Gives an answer another score or rank; null: none. */
  | { readonly kind: 'rate'; readonly row: number; readonly answer: number; readonly value: number | null };

/** A new text of a turn of the prompt. */
interface PromptEdit {
  readonly kind: 'text';
  readonly row: number;
  readonly turn: number;
  readonly content: string;
}

/**
 * The line of a list after an edit; all other bytes stay.
 *
 * @throws MarginError `no-such-turn`; `not-in-format` if the format cannot hold the new text, score or rank
 */
export function listLine(edit: ListEdit | PromptEdit, line: string, result: ListResult, reading: Reading): string {
  const { format, value, list } = result;
  const meant = edited(list, edit);
  const next = format.write(value, meant);
  const read = pairOf(next, reading);
  if (read.kind === 'list' && sameJson(held(read.list), held(meant))) return writeLine(line, next);
  const what = edit.kind === 'rate' ? `this ${list.measure}` : 'this text';
  const message = `Rows of ${format.label} have no place for ${what}: edit row ${edit.row + 1} as text.`;
  throw new MarginError('not-in-format', message, { row: edit.row });
}

function edited(list: AnswerList, edit: ListEdit | PromptEdit): AnswerList {
  if (edit.kind === 'text') return { ...list, prompt: withText(list.prompt, edit) };
  const answer = list.answers[edit.answer];
  if (!answer) throw noSuchTurn(edit.row, `answer ${edit.answer + 1}`);
  const changed: RatedAnswer =
    edit.kind === 'rate' ? { ...answer, value: edit.value } : { ...answer, turns: withText(answer.turns, edit) };
  return { ...list, answers: list.answers.with(edit.answer, changed) };
}

function withText(
  turns: readonly Message[],
  { row, turn, content }: { readonly row: number; readonly turn: number; readonly content: string },
): readonly Message[] {
  const before = turns[turn];
  if (!before) throw noSuchTurn(row, `turn ${turn + 1}`);
  return turns.with(turn, { ...before, content });
}

function noSuchTurn(row: number, what: string): MarginError {
  return new MarginError('no-such-turn', `Row ${row + 1} has no ${what}.`, { row });
}

/** What a person edits of a list. Messages keep other fields, such as parts, in their own shape. */
function held({ prompt, answers }: AnswerList): unknown {
  const texts = (turns: readonly Message[]): unknown => turns.map(({ role, content }) => [role, content]);
  return [texts(prompt), answers.map(({ turns, value }) => [texts(turns), value])];
}
