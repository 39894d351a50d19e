import { readRun } from '../../run/find';
import { chooseRounds, newRoundsFolder, roundsOfRun } from '../rounds/chooseRounds';
import { readRound } from '../rounds/readRound';
import { requireTrust } from '../train/requireTrust';
import { type CommandServices, type Commands, folderOf } from './target';

/** Rounds: drafting for the next one, its tab, and the keys of its queue. */
export function roundCommands(services: CommandServices) {
  const { panels } = services.rounds;
  return {
    'margin.nextRound': (target) => nextRound(services, folderOf(target)),
    'margin.openRound': async () => {
      const folder = await chooseRounds();
      if (folder !== null) panels.show(folder);
    },
    'margin.round.best': (place) => panels.act('best', place),
    'margin.round.worst': (place) => panels.act('worst', place),
    'margin.round.tie': () => panels.act('tie'),
    'margin.round.allBad': () => panels.act('allBad'),
    'margin.round.edit': () => panels.act('edit'),
    'margin.round.skip': () => panels.act('skip'),
    'margin.round.undo': () => panels.act('undo'),
    'margin.round.more': () => panels.act('more'),
    'margin.round.next': () => panels.act('next'),
    'margin.round.previous': () => panels.act('previous'),
    'margin.round.rewards': () => panels.act('rewards'),
  } satisfies Partial<Commands>;
}

/** Continues the rounds of the active tab or of a run; otherwise begins new ones. @param run null: none was named */
async function nextRound({ rounds }: CommandServices, run: string | null): Promise<void> {
  requireTrust();
  const { panels, actions } = rounds;
  const known = run === null ? panels.activeFolder : await roundsOfRun(run);
  if (known !== null) {
    const drafting = actions.next(known, await readRound(known, null));
    panels.show(known);
    return drafting;
  }
  const policy = run === null ? null : ({ kind: 'run', folder: run } as const);
  const name = run === null ? null : (await readRun(run)).name;
  await actions.begin(
    policy,
    (folder) => newRoundsFolder(name ?? folder),
    (folder) => panels.show(folder),
  );
}
