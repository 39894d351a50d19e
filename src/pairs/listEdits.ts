import { MarginError } from '../base/pure/marginError';
import type { AnswerList, RatedAnswer } from './answerList';
import { sameJson } from './json';
import type { Message } from './pair';
import type { Reading } from './reading';
import { pairOf, type PairResult } from './readPair';
import { answerOf, editTurns, type TurnChange } from './turnEdits';
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

type AnyEdit = ListEdit | PromptEdit | TurnChange;

/**
 * The line of a list after an edit; all other bytes stay.
 *
 * @throws MarginError `no-such-turn`; `last-turn`; `not-in-format` if the format cannot hold the new text, turns, score
 *   or rank
 */
export function listLine(edit: AnyEdit, line: string, result: ListResult, reading: Reading): string {
  const { format, value, list } = result;
  const meant = edited(list, edit);
  const next = format.write(value, meant);
  const read = pairOf(next, reading);
  if (read.kind === 'list' && sameJson(held(read.list), held(meant))) return writeLine(line, next);
  const isText = edit.kind === 'text' || edit.kind === 'answer';
  const what = edit.kind === 'rate' ? `this ${list.measure}` : isText ? 'this text' : 'these turns';
  const message = `Rows of ${format.label} have no place for ${what}: edit row ${edit.row + 1} as text.`;
  throw new MarginError('not-in-format', message, { row: edit.row });
}

function edited(list: AnswerList, edit: AnyEdit): AnswerList {
  if (edit.kind === 'text') return { ...list, prompt: withText(list.prompt, edit) };
  if (edit.kind === 'rate') return withAnswer(list, edit, (answer) => ({ ...answer, value: edit.value }));
  if (edit.kind === 'answer')
    return withAnswer(list, edit, (answer) => ({ ...answer, turns: withText(answer.turns, edit) }));
  const { row, side } = edit;
  if (side === 'prompt') return { ...list, prompt: editTurns(list.prompt, edit) };
  const index = answerOf(side);
  if (index === null) throw noSuchTurn(row, side);
  return withAnswer(list, { row, answer: index }, (answer) => ({ ...answer, turns: editTurns(answer.turns, edit) }));
}

function withAnswer(
  list: AnswerList,
  { row, answer: index }: { readonly row: number; readonly answer: number },
  change: (answer: RatedAnswer) => RatedAnswer,
): AnswerList {
  const answer = list.answers[index];
  if (!answer) throw noSuchTurn(row, `answer ${index + 1}`);
  return { ...list, answers: list.answers.with(index, change(answer)) };
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
