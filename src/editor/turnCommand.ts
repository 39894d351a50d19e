import { isRecord } from '../base/pure/isRecord';
import type { TurnEdit } from '../pairs/turnEdits';
import type { TurnPlace } from '../protocol/turnPlace';

/** Whether a command got a turn. A shortcut that someone gave to such a command names none, and does nothing. */
export function isTurn(place: unknown): place is TurnPlace {
  return isRecord(place) && place['webviewSection'] === 'turn';
}

/** The edits of the commands of a turn's context menu, without the one that asks for a role. */
export const turnEdits = {
  'margin.turn.addBefore': (turn) => added(turn, 'before'),
  'margin.turn.addAfter': (turn) => added(turn, 'after'),
  'margin.turn.moveUp': (turn) => ({ ...placeOf(turn), kind: 'moveTurn', to: turn.turn - 1 }),
  'margin.turn.moveDown': (turn) => ({ ...placeOf(turn), kind: 'moveTurn', to: turn.turn + 1 }),
  'margin.turn.split': (turn) => ({ ...placeOf(turn), kind: 'splitTurn' }),
  'margin.turn.remove': (turn) => ({ ...placeOf(turn), kind: 'removeTurn' }),
} satisfies Readonly<Record<string, (turn: TurnPlace) => TurnEdit>>;

/** Where a turn is, for an edit. */
export function placeOf({ row, side, turn }: TurnPlace): Pick<TurnEdit, 'row' | 'side' | 'turn'> {
  return { row, side, turn };
}

/** Users and assistants take turns, and a system turn comes first. */
function added(place: TurnPlace, where: 'before' | 'after'): TurnEdit {
  const turn = where === 'before' ? place.turn : place.turn + 1;
  return { ...placeOf(place), turn, kind: 'addTurn', role: where === 'before' ? roleBefore(place) : roleAfter(place) };
}

function roleBefore({ role, isFirst }: TurnPlace): string {
  if (role === 'assistant') return 'user';
  return isFirst && role !== 'system' ? 'system' : 'assistant';
}

function roleAfter({ role }: TurnPlace): string {
  return role === 'user' ? 'assistant' : 'user';
}
