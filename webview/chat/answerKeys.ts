import type { AnswerPlace, PairSide } from '../../src/protocol/chat';
import type { TurnView } from './turnView';

export interface AnswerKeyActions {
  /** The id of the turn with this index. */
  turnAt(index: number): number | null;
  mark(place: AnswerPlace, side: PairSide): void;
  regenerate(place: AnswerPlace): void;
  save(turn: number): void;
  /** Back to where the person writes. */
  leave(): void;
}

type Movable = Pick<TurnView, 'shown' | 'columnOf' | 'edit'>;

const moves: Readonly<Record<string, readonly [turns: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** The keys of an answer that has the focus: arrows move; C and R mark it, E edits, G asks again, S saves the pair. */
export function answerKeys(event: KeyboardEvent, turns: readonly Movable[], actions: AnswerKeyActions): void {
  const target = event.target instanceof Element ? event.target : null;
  const index = turns.findIndex((turn) => turn.columnOf(target) !== null);
  const turn = turns[index];
  const column = turn?.columnOf(target) ?? null;
  const id = actions.turnAt(index);
  if (!turn || column === null || id === null || event.ctrlKey || event.metaKey || event.altKey) return;
  const move = moves[event.key];
  if (move) {
    const place = turn.shown.findIndex((card) => card === target);
    const next = turns[index + move[0]];
    if (next) next.shown[place + move[1]]?.focus();
    else if (event.key === 'ArrowDown') actions.leave();
  } else if (!act(event.key.toLowerCase(), { turn: id, column }, turn, actions)) return;
  event.preventDefault();
  event.stopPropagation();
}

/** @returns whether the key means something */
function act(key: string, place: AnswerPlace, turn: Movable, actions: AnswerKeyActions): boolean {
  switch (key) {
    case 'c':
      actions.mark(place, 'chosen');
      return true;
    case 'r':
      actions.mark(place, 'rejected');
      return true;
    case 'e':
      turn.edit(place.column);
      return true;
    case 'g':
      actions.regenerate(place);
      return true;
    case 's':
      actions.save(place.turn);
      return true;
    case 'escape':
      actions.leave();
      return true;
    default:
      return false;
  }
}
