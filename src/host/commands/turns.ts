import { isTurn, placeOf, turnEdits } from '../../editor/turnCommand';
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
    'margin.turn.addBefore': (place) => edit(place, turnEdits['margin.turn.addBefore']),
    'margin.turn.addAfter': (place) => edit(place, turnEdits['margin.turn.addAfter']),
    'margin.turn.moveUp': (place) => edit(place, turnEdits['margin.turn.moveUp']),
    'margin.turn.moveDown': (place) => edit(place, turnEdits['margin.turn.moveDown']),
    'margin.turn.split': (place) => edit(place, turnEdits['margin.turn.split']),
    'margin.turn.remove': (place) => edit(place, turnEdits['margin.turn.remove']),
    'margin.turn.changeRole': async (place) => {
      const role = isTurn(place) ? await askRole(place.role) : undefined;
      if (role !== undefined) edit(place, (turn) => ({ ...placeOf(turn), kind: 'changeRole', role }));
      editor.active?.focus();
    },
  } satisfies Partial<Commands>;
}

async function askRole(now: string): Promise<string | undefined> {
  const items = knownRoles.map((label) => ({ label, ...(label === now && { description: 'as it is' }) }));
  const title = 'Margin: Change Role';
  return (await pickOne(items, { title, placeHolder: `The role is ${now} now` }))?.label;
}
