import { dirname, join, resolve } from 'node:path';
import { readRun } from '../run/find';
import { ensureQueue } from '../run/queue/ensureQueue';
import { enqueueRun, moveInQueue, readQueue, takeOutOfQueue } from '../run/queue/queue';
import { isBusy } from '../run/queue/workQueue';
import { flag, parseArguments, UsageError } from './args';
import type { Command, Surroundings } from './command';
import { table } from './table';

const actions = ['add', 'up', 'down', 'remove'] as const;
type Action = (typeof actions)[number];

export const queue: Command = {
  summary: 'show the queue of runs, or change it',
  help: `margin queue [FOLDER]
margin queue add|up|down|remove RUN_FOLDER

Shows the runs that wait in FOLDER, in the order in which they will start. FOLDER is an output_dir; the default is
.margin/runs in the working folder. Queued runs of a folder start one after another, each when no other run of the
folder trains, is paused or is scored on this machine. A process of its own starts them, so the queue goes on when the
terminal closes. If that process is gone, this command starts it again.

  add     Puts an existing run that has ended into the queue; it continues from its newest checkpoint.
          margin train CONFIG --queue makes a new run and queues it.
  up      Moves a run before the one in front of it; down moves it after the one behind it.
  remove  Takes a run out of the queue. Its folder stays, and margin train --resume starts it.
  --json  Prints one JSON object per queued run.

Exit code: 0 success; 1 the run is not queued, or cannot be; 2 wrong usage.`,

  async run(argv, surroundings) {
    const args = parseArguments(argv, { help: 'flag', json: 'flag' });
    const [first, second, third] = args.positionals;
    const action = actions.find((name) => name === first);
    const extra = action ? third : second;
    if (extra !== undefined) throw new UsageError(`unexpected argument ${extra}`);
    if (action === undefined) {
      const folder = resolve(surroundings.cwd, first ?? join('.margin', 'runs'));
      return show(folder, flag(args, 'json'), surroundings);
    }
    if (second === undefined) throw new UsageError(`${action} which run? Name its folder.`);
    const run = resolve(surroundings.cwd, second);
    await change(action, run, surroundings);
    return show(dirname(run), flag(args, 'json'), surroundings);
  },
};

async function change(action: Action, run: string, surroundings: Surroundings): Promise<void> {
  if (action === 'add') await queueRun(run, surroundings);
  else if (action === 'remove') await takeOutOfQueue(run);
  else await moveInQueue(run, action);
}

/** Puts a run into the queue of its folder, which a process of its own works off. */
export async function queueRun(run: string, { programs }: Pick<Surroundings, 'programs'>): Promise<void> {
  await enqueueRun(run);
  await ensureQueue(dirname(run), { trainer: join(programs, 'trainer.js'), node: process.execPath }, true);
}

async function show(folder: string, json: boolean, { output, programs }: Surroundings): Promise<number> {
  const queued = await readQueue(folder);
  await ensureQueue(folder, { trainer: join(programs, 'trainer.js'), node: process.execPath });
  const rows = [];
  for (const [i, { folder: run, isHere, state }] of queued.entries()) {
    const { name } = await readRun(run);
    rows.push({ run, name, place: i + 1, machine: isHere || state.machine === null ? null : state.machine.host });
  }
  if (json) for (const row of rows) output.json(row);
  else if (rows.length === 0) output.line(`No run waits in ${folder}.`);
  else
    output.line(
      table(
        ['place', 'name', 'folder'],
        rows.map(({ place, name, run, machine }) => [
          `${place}`,
          machine === null ? name : `${name} (waits for ${machine})`,
          run,
        ]),
      ),
    );
  if (!json && rows.length > 0 && (await isBusy(folder))) output.say('Another run of this folder trains or is scored.');
  return 0;
}
