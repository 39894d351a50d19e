import { join, resolve } from 'node:path';
import { version } from '../../package.json';
import { requireRuntime } from '../base/node/nativeRuntime';
import { describe } from '../run/checkValue';
import { keys } from '../run/keys/keys';
import { readRunConfig } from '../run/folder';
import { createRun, recordedVersions } from '../run/resolve';
import { startRun } from '../run/start';
import { localTarget } from '../trl/knownTargets';
import { findTarget } from '../trl/targets/findTargets';
import { refuseEmptySetting } from '../trl/targets/submit';
import { refuseUntrusted } from '../trl/targets/trust';
import { refuseName } from '../run/trainConfig';
import type { TrainConfig } from '../run/types';
import { flag, parseArguments, required, UsageError } from './args';
import type { Arguments } from './args';
import type { Command, Surroundings } from './command';
import { showEstimate, warnOfMemory } from './dryRun';
import { rateOptions, rateRange, showRateTest } from './findRate';
import { followRun } from './followRun';
import { overrideOptions } from './overrides';
import { queueRun } from './queue';
import { readConfig } from './trainingConfig';

export const train: Command = {
  summary: 'train a model on preference data, with a *.train.json',
  help: `margin train CONFIG.train.json [--KEY VALUE …]
margin train CONFIG.train.json --dry_run [--KEY VALUE …]
margin train CONFIG.train.json --find_lr [--KEY VALUE …]
margin train --resume RUN_FOLDER
margin train CONFIG.train.json --queue [--KEY VALUE …]

Trains in a separate process and shows its progress. Ctrl+C saves a checkpoint and stops the run; a second Ctrl+C kills
it.

  RUN_FOLDER           In place of CONFIG: a new run with the config of that run, and the changes given as --KEY VALUE.
  --resume RUN_FOLDER  Continues a stopped, killed or failed run from its newest checkpoint, or from its first step if
                       it has none.
  --dry_run            Does not train. Runs a few steps in a separate process, and prints the memory, time and disk
                       space that the run would need beside what is free; with --json as one object.
  --find_lr            Does not train. Takes --lr_steps (default 60) steps of the run, each with a larger rate, from
                       --lr_min (1e-7) to --lr_max (0.1), and stops when the loss diverges. Prints the curve, and the
                       rates that it suggests for learning_rate; with --json one object per step. Keeps nothing.
  --queue              Puts the run into the queue of its output_dir, prints its folder, and returns. It starts when no
                       other run there trains on this machine; margin queue shows and changes the order. Also with
                       --resume.
  --detach             Starts the run, prints its folder, and returns.
  --json               Prints the events of the run to stdout, one JSON object per line; the last is
                       {"run": FOLDER, "status": …}.
  --device auto        Tries each device with two steps, and trains on the fastest; prints why.
  --KEY VALUE          Replaces a key of the config. Lists take several values; paths start at the working folder.

Keys, with the names and defaults of TRL and PEFT:
${keys.map(({ name, type, default: value }) => `  --${name.padEnd(28)} ${describe(type)}${value === undefined ? ' (required)' : `; default ${JSON.stringify(value)}`}`).join('\n')}

Exit code: 0 the run is done or was stopped; 1 it failed, it would not fit (--dry_run), or the config has problems;
2 wrong usage.`,

  async run(argv, surroundings) {
    const args = parseArguments(
      argv,
      {
        help: 'flag',
        json: 'flag',
        detach: 'flag',
        queue: 'flag',
        dry_run: 'flag',
        find_lr: 'flag',
        resume: 'value',
        ...rateOptions,
        ...overrideOptions(),
      },
      refuseName,
    );
    const json = flag(args, 'json');
    const isTest = flag(args, 'find_lr');
    const option = isTest ? undefined : Object.keys(rateOptions).find((name) => args.options.has(name));
    if (option !== undefined) throw new UsageError(`--${option} is only for --find_lr`);
    if (isTest)
      return showRateTest(await dryConfig(args, '--find_lr', surroundings), rateRange(args), json, surroundings);
    if (flag(args, 'dry_run'))
      return showEstimate(await dryConfig(args, '--dry_run', surroundings), json, surroundings);
    const folder = await (args.options.has('resume') ? resumedFolder(args, surroundings) : newRun(args, surroundings));
    if (flag(args, 'queue')) return queued(folder, json, surroundings);
    const resume = args.options.has('resume');
    const since = Date.now();
    const started = await startRun(folder, {
      trainer: join(surroundings.programs, 'trainer.js'),
      node: process.execPath,
      resume,
    });
    if (!flag(args, 'detach')) return followRun(folder, started, surroundings.output, { json, since });
    if (json) surroundings.output.json({ run: folder, status: 'starting' });
    else surroundings.output.line(folder);
    return 0;
  },
};

async function queued(folder: string, json: boolean, surroundings: Surroundings): Promise<number> {
  await queueRun(folder, surroundings);
  if (json) surroundings.output.json({ run: folder, status: 'queued' });
  else surroundings.output.line(folder);
  return 0;
}

async function resumedFolder(args: Arguments, { cwd, programs }: Surroundings): Promise<string> {
  const overrides = [...args.options.keys()].filter((name) => keys.some((key) => key.name === name));
  const extra = [...args.positionals, ...overrides.map((name) => `--${name}`)];
  if (extra.length > 0) throw new UsageError(`a resumed run keeps its config: leave out ${extra.join(' ')}`);
  const folder = resolve(cwd, required(args, 'resume'));
  requireTrainer((await readRunConfig(folder)).config, programs);
  return folder;
}

/** @param option the one that makes it dry */
async function dryConfig(args: Arguments, option: string, surroundings: Surroundings): Promise<TrainConfig> {
  const others = ['resume', 'detach', 'queue', ...(option === '--find_lr' ? ['dry_run'] : [])];
  const other = others.find((name) => args.options.has(name));
  if (other !== undefined) throw new UsageError(`${option} does not start a run: leave out --${other}`);
  const config = await readConfig(args, surroundings);
  if (config.backend !== 'margin')
    throw new UsageError(`${option} measures Margin’s own trainer: add --backend margin`);
  return config;
}

/** TRL trains without ONNX Runtime. A run that cannot start gets no folder. @throws MarginError `no-runtime` */
function requireTrainer({ backend }: TrainConfig, programs: string): void {
  if (backend === 'margin') requireRuntime(programs);
}

async function newRun(args: Arguments, surroundings: Surroundings): Promise<string> {
  const config = await readConfig(args, surroundings);
  requireTrainer(config, surroundings.programs);
  if (config.target !== localTarget) {
    const target = await findTarget(config.output_dir, config.target);
    await refuseUntrusted(target);
    refuseEmptySetting(target);
    if (!target.template.tested)
      surroundings.output.say(
        `The target ${target.name} is untested: nobody has tried it against the real service yet.`,
      );
  }
  // The warning is about Margin's own trainer.
  if (config.backend === 'margin') await warnOfMemory(config, surroundings.output);
  return createRun(config, recordedVersions(version));
}
