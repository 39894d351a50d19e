import { basename, join, resolve } from 'node:path';
import { must } from '../base/pure/must';
import { requireRuntime } from '../base/node/nativeRuntime';
import { RunLock } from '../run/lock';
import { askSweep, createSweep, readSweep, sweepsFolder, writeSweep } from '../run/sweep/files';
import { sweepSentences, summarize, valuesText } from '../run/sweep/summary';
import type { Sweep } from '../run/sweep/types';
import { flag, number, onePositional, parseArguments, text, UsageError, type Arguments } from './args';
import type { Command, Surroundings } from './command';
import { interruption } from './interruption';
import { overrideOptions } from './overrides';
import { Progress } from './progress';
import { newSweep } from './newSweep';
import { sweepTable } from './sweepReport';
import { arrayTarget, SweepArray } from './sweepArray';
import { SweepDriver, withBudget } from './sweepDriver';
import { SweepRecord } from './sweepRecord';
import { readConfig } from './trainingConfig';
import { refuseName } from '../run/trainConfig';
import type { Target } from '../trl/targets/types';

export const sweep: Command = {
  summary: 'train with several settings, and compare them on held-out pairs',
  help: `margin sweep CONFIG.train.json --grid KEY=VALUE,VALUE … [--KEY VALUE …]
margin sweep CONFIG.train.json --random N --range KEY=LOW..HIGH … [--grid …] [--KEY VALUE …]
margin sweep CONFIG.train.json --halving (--grid … | --random N …) --max_steps N [--KEY VALUE …]
margin sweep --resume SWEEP_FOLDER [--budget MINUTES]

Trains a run for each combination of settings, one after another, through the queue of the runs folder. Trials are
ordinary runs with the tag sweep:NAME. What is done is kept in .margin/sweeps/NAME/sweep.json, so a stopped sweep goes
on where it was. The config needs held-out pairs: eval_file or test_split_size.

With backend: trl and a target that takes arrays (slurm), all trials go there as one job and may train at the same time;
this process follows them, and --resume finds them again. --halving needs target: local.

  --grid KEY=V,V     The values of a key. Several --grid: every combination. Any key of a *.train.json.
  --random N         N random combinations instead, uniform over --grid values and --range intervals.
  --range KEY=A..B   An interval of a number, for --random. From a factor of 5 on, on a logarithmic scale; :log or
                     :linear after it says so.
  --halving          Successive halving (Jamieson and Talwalkar 2016): all trials train a few steps; at each rung one in
                     --eta goes on from its checkpoint, up to max_steps, whose learning-rate schedule it has.
  --eta N            The factor between two rungs; default 2.
  --metric NAME      The metric of evaluations that decides; default rewards/accuracies. A loss is better when smaller.
  --budget MINUTES   The training time of all trials together. Then the running trial saves and stops.
  --seed N           The key of the config, which also seeds --random.
  --name NAME        The folder in .margin/sweeps; default: the config's name and the time.
  --dry_run          Prints the trials and starts nothing.
  --json             Prints {"sweep": FOLDER}, a line for each change of a trial, and the result.
  --KEY VALUE        Replaces a key of the config for all trials.

Exit code: 0 all trials are done, or the budget is used up; 1 stopped, or no trial has a result; 2 wrong usage.`,

  async run(argv, surroundings) {
    const args = parseArguments(argv, options(), refuseName);
    const json = flag(args, 'json');
    if (args.options.has('resume')) return work(await resumed(args, surroundings), json, surroundings);
    const config = await readConfig(args, surroundings);
    const plan = newSweep(config, args, basename(onePositional(args, 'CONFIG.train.json')));
    const target = await arrayTarget(plan);
    if (flag(args, 'dry_run')) return showTrials(plan, target, json, surroundings);
    if (config.backend === 'margin') requireRuntime(surroundings.programs);
    const folder = join(sweepsFolder(config.output_dir), plan.name);
    await createSweep(folder, plan);
    return work(folder, json, surroundings);
  },
};

function options() {
  return {
    ...overrideOptions(),
    ...({ help: 'flag', json: 'flag', dry_run: 'flag', halving: 'flag', resume: 'value' } as const),
    ...({ grid: 'texts', range: 'texts', random: 'value', eta: 'value', metric: 'value' } as const),
    ...({ budget: 'value', name: 'value' } as const),
  };
}

async function resumed(args: Arguments, { cwd }: Surroundings): Promise<string> {
  const other = [...args.options.keys()].find((name) => !['resume', 'budget', 'json'].includes(name));
  if (other !== undefined || args.positionals.length > 0)
    throw new UsageError(`a resumed sweep keeps its trials: leave out ${other ? `--${other}` : args.positionals[0]}`);
  const folder = resolve(cwd, must(text(args, 'resume'), '--resume'));
  const before = await readSweep(folder);
  const budget = args.options.has('budget') ? number(args, 'budget', 0, { min: 0 }) : before.budget;
  await writeSweep(folder, withBudget(before, budget));
  return folder;
}

function showTrials(plan: Sweep, target: Target | null, json: boolean, { output }: Surroundings): number {
  for (const { index, values } of plan.trials)
    if (json) output.json({ trial: index + 1, values });
    else output.line(`${index + 1}: ${valuesText(values)}`);
  if (target !== null)
    if (json) output.json({ array: target.name });
    else output.line(`They go to ${target.name} as one job.`);
  if (!json && plan.rungs.length > 0) output.line(`Compared at steps ${plan.rungs.join(', ')}.`);
  return 0;
}

async function work(folder: string, json: boolean, { output, programs }: Surroundings): Promise<number> {
  const lock = await RunLock.acquire(folder, 'sweeping');
  const progress = new Progress(output);
  try {
    await askSweep(folder, 'run');
    if (json) output.json({ sweep: folder });
    else output.say(`Sweep folder: ${folder}`);
    const program = { trainer: join(programs, 'trainer.js'), node: process.execPath };
    let told = '';
    const changed = (now: Sweep): void => {
      const trials = JSON.stringify(now.trials);
      if (json && trials !== told) output.json({ progress: states(now) });
      told = trials;
      progress.update(progressText(now));
    };
    const say = (line: string): void => {
      if (!json) output.say(line);
    };
    const record = await SweepRecord.open(folder, { changed, say }, interruption().signal);
    const target = await arrayTarget(record.sweep);
    const ended = await (target === null ? SweepDriver.drive(record, program) : SweepArray.drive(record, target));
    progress.end();
    return report(folder, await readSweep(folder), ended, json, { output });
  } finally {
    progress.end();
    lock.release();
  }
}

const states = ({ trials }: Sweep) => trials.map(({ index, state, result }) => ({ trial: index + 1, state, result }));

function progressText({ trials }: Sweep): string {
  const over = trials.filter(({ state }) => state !== 'waiting' && state !== 'running').length;
  return `${over} of ${trials.length} trials over`;
}

function report(
  folder: string,
  found: Sweep,
  ended: 'over' | 'budget' | 'stopped',
  json: boolean,
  { output }: Pick<Surroundings, 'output'>,
): number {
  const { best } = summarize(found);
  if (json) output.json({ sweep: folder, ended, best: best?.trial ?? null, trials: found.trials });
  else {
    output.line(sweepTable(found));
    for (const sentence of sweepSentences(found)) output.line(sentence);
    if (ended !== 'over') output.say(endText(ended, folder));
  }
  return ended !== 'stopped' && best !== null ? 0 : 1;
}

function endText(ended: 'budget' | 'stopped', folder: string): string {
  return ended === 'budget'
    ? `The budget is used up. Go on with: margin sweep --resume ${folder} --budget MINUTES`
    : `Stopped. Go on with: margin sweep --resume ${folder}`;
}
