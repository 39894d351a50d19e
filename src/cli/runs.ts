import { join, resolve } from 'node:path';
import { isLiving } from '../run/alive';
import { askRunAndWait } from '../run/control';
import { readRun } from '../run/find';
import { startRun } from '../run/start';
import type { RunStatus } from '../run/types';
import { flag, parseArguments, UsageError } from './args';
import type { Command, Surroundings } from './command';
import { diffRuns } from './diffRuns';
import { exportRuns } from './exportRuns';
import { listRuns } from './listRuns';
import { pruneRuns } from './pruneRuns';

/** A run obeys only between two steps, and a step of a big model may take minutes. */
const answerMs = 600_000;

const actions = ['stop', 'pause', 'resume'] as const;
type Action = (typeof actions)[number];

export const runs: Command = {
  summary: 'list and compare runs, or stop, pause or resume one',
  help: `margin runs [FOLDER] [--sort KEY] [--columns KEY …] [--tag TAG] [--with PATH]
margin runs diff RUN_A RUN_B
margin runs export RUN … --format tensorboard|trackio --out PATH
margin runs stop|pause|resume RUN_FOLDER
margin runs prune RUN … [--keep N|best] [--dry_run]

Lists the runs in FOLDER, newest first. FOLDER is an output_dir; the default is .margin/runs in the working folder.
The column "best" shows the best evaluation by metric_for_best_model; its checkpoint is in checkpoints/step-N.

  --sort KEY        Sorts by a metric or a key of the config: eval_loss, beta, rewards/margins, … or state, created,
                    step, accuracy, margin, chosen_change, guard_change, best, duration, tags, note, disk. The best
                    value comes first where low or high is better, otherwise the lowest. Runs without it are last.
  --reverse         Sorts the other way round.
  --columns KEY …   Shows these columns; default: loss, margin and accuracy. margin and accuracy are those of held-out
                    pairs at the last evaluation; chosen_change is the log-prob of chosen answers against the reference;
                    disk is what the folder takes.
  --tag TAG         Only runs with this tag, which was given in the editor; several tags: runs that have all.
  --with PATH       Also lists runs that another program has logged: the output_dir of a TRL trainer, a log folder of
                    TensorBoard, a database (.db) of Trackio. It may be given several times.

  diff    Says how two runs differ: keys of the config, pairs that changed, and their rewards pair by pair, with
          McNemar's exact test, also on the held-out pairs of their evaluations, if both hold out the same. A run is a
          folder, or its name in .margin/runs.
  export  Writes the points and settings of runs for another program, under the names that transformers' callbacks use:
          tensorboard: an event file for each run, in a folder of its own in the folder PATH;
          trackio: one project database, the new file PATH, which must end in .db. Put it into TRACKIO_DIR to see it.
  stop    Saves a checkpoint, ends the run, and waits until it has ended.
  pause   Pauses the run after its current step, and waits until it is paused.
  resume  Continues a paused run. A stopped, killed or failed run starts again from its newest checkpoint, or from its
          first step if it has none.
  prune   Prints which checkpoints it removes, then removes them, and nothing else. With --keep best (the default) the
          newest and the best one stay, with --keep N as many as save_total_limit keeps. A checkpoint from which
          another run of the folder or a round starts always stays. --dry_run removes nothing.
  --json  Prints one JSON object per line.

Exit code: 0 success; 1 a run folder cannot be read, or a run did not obey; 2 wrong usage.`,

  async run(argv, surroundings) {
    const args = parseArguments(argv, {
      help: 'flag',
      json: 'flag',
      sort: 'value',
      reverse: 'flag',
      columns: 'values',
      tag: 'texts',
      with: 'texts',
      format: 'value',
      out: 'value',
      keep: 'value',
      dry_run: 'flag',
    });
    const [first, second, third] = args.positionals;
    if (first === 'diff') return diffRuns(args, surroundings);
    if (first === 'export') return exportRuns(args, surroundings);
    if (first === 'prune') return pruneRuns(args, surroundings);
    const action = actions.find((name) => name === first);
    const extra = action ? third : second;
    if (extra !== undefined) throw new UsageError(`unexpected argument ${extra}`);
    if (!action) return listRuns(first, args, surroundings);
    if (second === undefined) throw new UsageError(`${action} which run? Name its folder.`);
    return act(action, resolve(surroundings.cwd, second), surroundings, flag(args, 'json'));
  },
};

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
