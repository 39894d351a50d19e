import { isRecord } from '../../base/pure/isRecord';
import { knownRoles } from '../../pairs/pair';
import type { TurnEdit } from '../../pairs/turnEdits';
import type { TurnPlace } from '../../protocol/turnPlace';
import { pickOne } from '../quickSteps';
import type { CommandServices, Commands } from './target';

/** Commands of a turn's context menu. VS Code passes the place of the turn, which the view has put on its element. */
export function turnCommands({ editor }: CommandServices) {
  const edit = (place: unknown, change: (turn: TurnPlace) => TurnEdit): void => {
    if (isTurn(place)) editor.active?.editTurn(change(place), place.revision);
  };
  return {
    'margin.turn.addBefore': (place) => edit(place, (turn) => added(turn, 'before')),
    'margin.turn.addAfter': (place) => edit(place, (turn) => added(turn, 'after')),
    'margin.turn.moveUp': (place) => edit(place, (turn) => ({ ...at(turn), kind: 'moveTurn', to: turn.turn - 1 })),
    'margin.turn.moveDown': (place) => edit(place, (turn) => ({ ...at(turn), kind: 'moveTurn', to: turn.turn + 1 })),
    'margin.turn.split': (place) => edit(place, (turn) => ({ ...at(turn), kind: 'splitTurn' })),
    'margin.turn.remove': (place) => edit(place, (turn) => ({ ...at(turn), kind: 'removeTurn' })),
    'margin.turn.changeRole': async (place) => {
      const role = isTurn(place) ? await askRole(place.role) : undefined;
      if (role !== undefined) edit(place, (turn) => ({ ...at(turn), kind: 'changeRole', role }));
      editor.active?.focus();
    },
  } satisfies Partial<Commands>;
}

/** Whether a command got a turn. A shortcut that someone gave to such a command names none, and does nothing. */
function isTurn(place: unknown): place is TurnPlace {
  return isRecord(place) && place['webviewSection'] === 'turn';
}

function at({ row, side, turn }: TurnPlace): Pick<TurnEdit, 'row' | 'side' | 'turn'> {
  return { row, side, turn };
}

/** Users and assistants take turns, and a system turn comes first. */
function added(place: TurnPlace, where: 'before' | 'after'): TurnEdit {
  const turn = where === 'before' ? place.turn : place.turn + 1;
  return { ...at(place), turn, kind: 'addTurn', role: where === 'before' ? roleBefore(place) : roleAfter(place) };
}

function roleBefore({ role, isFirst }: TurnPlace): string {
  if (role === 'assistant') return 'user';
  return isFirst && role !== 'system' ? 'system' : 'assistant';
}

function roleAfter({ role }: TurnPlace): string {
  return role === 'user' ? 'assistant' : 'user';
}

async function askRole(now: string): Promise<string | undefined> {
  const items = knownRoles.map((label) => ({ label, ...(label === now && { description: 'as it is' }) }));
  const title = 'Margin: Change Role';
  return (await pickOne(items, { title, placeHolder: `The role is ${now} now` }))?.label;
}
