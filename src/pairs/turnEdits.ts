import { MarginError } from '../base/pure/marginError';
import { canonicalText } from './canonical';
import { pairOfJudged } from './judged';
import type { JsonObject } from './json';
import type { Message, Side } from './pair';
import type { Reading } from './reading';
import { type PairOrJudged, pairOf } from './readPair';

/** A list of turns of a row: those of a pair, or the prompt and the completion of a judged answer. */
export type TextSide = Side | 'completion';

/** A {@link TextSide}, or an answer of a list by its index in the row. */
export type TurnSide = TextSide | `answer-${number}`;

/** A side as a person reads it: `prompt`, `answer 3`. */
export function sideName(side: TurnSide): string {
  const answer = answerOf(side);
  return answer === null ? side : `answer ${answer + 1}`;
}

/** The index of the answer of a list; null if it is another side. */
export function answerOf(side: TurnSide): number | null {
  return isAnswer(side) ? Number(side.slice('answer-'.length)) : null;
}

/** Whether a side is an answer of a list. */
export function isAnswer(side: TurnSide): side is Exclude<TurnSide, TextSide> {
  return side.startsWith('answer-');
}

/**
 * What a person does to one turn of a row; rows and turns count from 0.
 *
 * - `addTurn` adds an empty turn before `turn`; if `turn` is the number of turns, at the end.
 * - `moveTurn` moves a turn to the place `to`, counted without it.
 * - `splitTurn` adds a row after this one, see `splitPair`. The row itself stays as it is.
 */
export type TurnEdit = { readonly row: number; readonly side: TurnSide; readonly turn: number } & (
  | { readonly kind: 'addTurn'; readonly role: string }
  | { readonly kind: 'removeTurn' }
  | { readonly kind: 'moveTurn'; readonly to: number }
  | { readonly kind: 'changeRole'; readonly role: string }
  | { readonly kind: 'splitTurn' }
);

/** An edit that changes the turns of a row. */
export type TurnChange = Exclude<TurnEdit, { kind: 'splitTurn' }>;

/**
 * The turns after an edit.
 *
 * @throws MarginError `no-such-turn`; `last-turn` if no turn would be left: an answer without a turn is no answer
 */
export function editTurns(turns: readonly Message[], edit: TurnChange): readonly Message[] {
  const { row, side, turn } = edit;
  const last = edit.kind === 'addTurn' ? turns.length : turns.length - 1;
  const to = edit.kind === 'moveTurn' ? edit.to : turn;
  if (Math.min(turn, to) < 0 || turn > last || to > last) {
    const message = `Row ${row + 1} has ${turns.length} turns in ${sideName(side)}, so there is no place ${Math.max(turn, to) + 1}.`;
    throw new MarginError('no-such-turn', message, { row, turn });
  }
  switch (edit.kind) {
    case 'addTurn':
      return turns.toSpliced(turn, 0, { role: edit.role, content: '' });
    case 'removeTurn':
      if (turns.length > 1) return turns.toSpliced(turn, 1);
      throw new MarginError(
        'last-turn',
        `It is the only turn of ${sideName(side)}: delete the row, or empty its text.`,
        {
          row,
        },
      );
    case 'moveTurn':
      return turns.toSpliced(turn, 1).toSpliced(edit.to, 0, ...turns.slice(turn, turn + 1));
    case 'changeRole':
      return turns.map((one, i) => (i === turn ? { ...one, role: edit.role } : one));
  }
}

/**
 * Checks that a written row reads as what was meant. Many formats have no place for some turns: a plain prompt is one
 * text, and HH-RLHF knows two roles.
 *
 * @param meant the row with its new turns
 * @param value the row as its format wrote it
 * @throws MarginError `not-in-format`
 */
export function refuseOtherTurns(meant: PairOrJudged, value: JsonObject, reading: Reading, row: number): void {
  const read = pairOf(value, reading);
  if ((read.kind === 'pair' || read.kind === 'judged') && textOf(read) === textOf(meant)) return;
  const message = `Row ${row + 1} is in the format ${meant.format.label}, which has no place for these turns. Margin: Convert… writes the rows in another format.`;
  throw new MarginError('not-in-format', message, { row });
}

function textOf(result: PairOrJudged): string {
  return canonicalText(result.kind === 'pair' ? result.pair : pairOfJudged(result.answer));
}
