import { join, resolve } from 'node:path';
import { inTurns } from '../base/pure/inTurns';
import { isLiving } from '../run/alive';
import { askRunAndWait } from '../run/control';
import { findRuns, readRun } from '../run/find';
import type { FoundRun } from '../run/find';
import { newestLoss } from '../run/newestLoss';
import { startRun } from '../run/start';
import type { BestModel, RunStatus } from '../run/types';
import { flag, parseArguments, UsageError } from './args';
import type { Command, Surroundings } from './command';
import { table } from './table';

/** A run obeys only between two steps, and a step of a big model may take minutes. */
const answerMs = 600_000;

/** Runs that are read at once. */
const atOnce = 8;

const actions = ['stop', 'pause', 'resume'] as const;
type Action = (typeof actions)[number];

export const runs: Command = {
  summary: 'list runs, or stop, pause or resume one',
  help: `margin runs [FOLDER]
margin runs stop|pause|resume RUN_FOLDER

Lists the runs in FOLDER, newest first. FOLDER is an output_dir; the default is .margin/runs in the working folder.
The column "best" shows the best evaluation by metric_for_best_model; its checkpoint is in checkpoints/step-N.

  stop    Saves a checkpoint, ends the run, and waits until it has ended.
  pause   Pauses the run after its current step, and waits until it is paused.
  resume  Continues a paused run. A stopped, killed or failed run starts again from its newest checkpoint, or from its
          first step if it has none.
  --json  Prints one JSON object per line.

Exit code: 0 success; 1 a run folder cannot be read, or a run did not obey; 2 wrong usage.`,

  async run(argv, surroundings) {
    const args = parseArguments(argv, { help: 'flag', json: 'flag' });
    const [first, second, third] = args.positionals;
    const action = actions.find((name) => name === first);
    const extra = action ? third : second;
    if (extra !== undefined) throw new UsageError(`unexpected argument ${extra}`);
    if (!action) return list(surroundings, first, flag(args, 'json'));
    if (second === undefined) throw new UsageError(`${action} which run? Name its folder.`);
    return act(action, resolve(surroundings.cwd, second), surroundings, flag(args, 'json'));
  },
};

async function list({ cwd, output }: Surroundings, given: string | undefined, json: boolean): Promise<number> {
  const folder = resolve(cwd, given ?? join('.margin', 'runs'));
  const found = await findRuns([folder, join(folder, '.margin', 'runs')]);
  const rows = await inTurns(found.runs, atOnce, describe);
  if (json) rows.forEach((row) => output.json(row));
  else if (rows.length === 0) output.line(`No runs in ${folder}.`);
  else
    output.line(
      table(
        ['status', 'step', 'loss', 'best', 'name', 'folder'],
        rows.map((row) => [
          row.status,
          stepText(row),
          row.loss === null ? '' : row.loss.toFixed(4),
          bestText(row.best),
          row.name,
          row.run,
        ]),
      ),
    );
  for (const { remarks } of rows) for (const remark of remarks) output.say(remark);
  for (const { error } of found.unreadable) output.say(error.message);
  return found.unreadable.length > 0 ? 1 : 0;
}

interface ListedRun {
  readonly run: string;
  readonly name: string;
  readonly status: string;
  readonly step: number;
  readonly steps: number;
  readonly loss: number | null;
  readonly best: BestModel | null;
  readonly created: number;
  /** A sentence for each damaged file, if the run can still be read. */
  readonly remarks: readonly string[];
}

async function describe({ folder, name, status, state, created, remarks: own }: FoundRun): Promise<ListedRun> {
  const { loss, remark } = await newestLoss(folder);
  const remarks = remark === null ? own : [...own, remark];
  return {
    run: folder,
    name,
    status,
    step: state ? state.step : 0,
    steps: state ? state.steps : 0,
    loss,
    best: state ? state.best : null,
    created,
    remarks,
  };
}

/** `3/10`. The number of steps is unknown before a run starts, and if its state is damaged. */
const stepText = ({ step, steps }: ListedRun): string => (steps > 0 ? `${step}/${steps}` : `${step}`);

const bestText = (best: BestModel | null): string =>
  best ? `step ${best.step}: ${best.metric} ${best.value.toFixed(4)}` : '';

async function act(action: Action, folder: string, surroundings: Surroundings, json: boolean): Promise<number> {
  const status = await perform(action, folder, surroundings);
  if (json) surroundings.output.json({ run: folder, status });
  else surroundings.output.line(`${status} · ${folder}`);
  return status === 'failed' || status === 'lost' ? 1 : 0;
}

async function perform(action: Action, folder: string, { programs }: Surroundings): Promise<RunStatus | 'lost'> {
  if (action !== 'resume') return askRunAndWait(folder, action, answerMs);
  const { status } = await readRun(folder);
  if (isLiving(status)) return askRunAndWait(folder, 'run', answerMs);
  await startRun(folder, { trainer: join(programs, 'trainer.js'), node: process.execPath, resume: true });
  return 'starting';
}
