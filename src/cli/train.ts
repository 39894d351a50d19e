import { join, resolve } from 'node:path';
import { version } from '../../package.json';
import { describe } from '../run/checkValue';
import { keys } from '../run/keys/keys';
import { refuseUnwritable } from '../run/outputFolder';
import { createRun, recordedVersions } from '../run/resolve';
import { startRun } from '../run/start';
import { checkTrainConfig, parseTrainConfig, readTrainConfig, refuseName } from '../run/trainConfig';
import type { TrainConfig } from '../run/types';
import { flag, onePositional, parseArguments, text, UsageError } from './args';
import type { Arguments } from './args';
import type { Command, Surroundings } from './command';
import { showEstimate, warnOfMemory } from './dryRun';
import { followRun } from './followRun';
import { overrideOptions, readOverrides } from './overrides';
import { refuseItself } from './refuseItself';

export const train: Command = {
  summary: 'train on preference pairs as a *.train.json says',
  help: `margin train CONFIG.train.json [--KEY VALUE …]
margin train CONFIG.train.json --dry_run [--KEY VALUE …]
margin train --resume RUN_FOLDER

Trains in a process of its own and follows it. Ctrl+C saves a checkpoint and stops; a second Ctrl+C kills.

  --resume RUN_FOLDER  go on from the newest checkpoint of a run that was stopped, killed or failed, or from its
                       first step if it made none
  --dry_run            train nothing: tell the memory, time and disk that the run would take, beside what is free, from a few
                       steps in a process of its own; with --json as one object
  --detach             start the run, print its folder, and return
  --json               the run's events to stdout, one JSON object a line; the last is {"run": FOLDER, "status": …}
  --KEY VALUE          replaces a key of the config; lists take several values; paths start at the working folder

Keys (TRL's and PEFT's names and defaults):
${keys.map(({ name, type, default: value }) => `  --${name.padEnd(28)} ${describe(type)}${value === undefined ? ' (needed)' : `; default ${JSON.stringify(value)}`}`).join('\n')}

Exit code: 0 the run is done or was stopped, 1 it failed, would not fit (--dry_run) or the config has problems, 2 wrong usage.`,

  async run(argv, surroundings) {
    const args = parseArguments(
      argv,
      { help: 'flag', json: 'flag', detach: 'flag', dry_run: 'flag', resume: 'value', ...overrideOptions() },
      refuseName,
    );
    const json = flag(args, 'json');
    if (flag(args, 'dry_run')) return showEstimate(await dryConfig(args, surroundings), json, surroundings);
    const folder = await (args.options.has('resume') ? resumedFolder(args, surroundings) : newRun(args, surroundings));
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

function resumedFolder(args: Arguments, { cwd }: Surroundings): string {
  const extra = [
    ...args.positionals,
    ...[...args.options.keys()].filter((name) => keys.some((key) => key.name === name)).map((name) => `--${name}`),
  ];
  if (extra.length > 0) throw new UsageError(`a resumed run keeps its own config: leave out ${extra.join(' ')}`);
  return resolve(cwd, text(args, 'resume') ?? '');
}

async function dryConfig(args: Arguments, surroundings: Surroundings): Promise<TrainConfig> {
  const other = ['resume', 'detach'].find((name) => args.options.has(name));
  if (other !== undefined) throw new UsageError(`--dry_run starts no run: leave out --${other}`);
  return readConfig(args, surroundings);
}

async function newRun(args: Arguments, surroundings: Surroundings): Promise<string> {
  const config = await readConfig(args, surroundings);
  await warnOfMemory(config, surroundings.output);
  return createRun(config, recordedVersions(version));
}

async function readConfig(args: Arguments, { cwd }: Surroundings): Promise<TrainConfig> {
  const file = resolve(cwd, onePositional(args, 'CONFIG.train.json'));
  const source = await readTrainConfig(file);
  const overrides = readOverrides(args, cwd);
  const { problems } = checkTrainConfig(source, file, overrides);
  const typed = problems.filter(({ field, line }) => line === null && field !== null && overrides.has(field));
  if (typed.length > 0) throw new UsageError(typed.map(({ message }) => `--${message}`).join('\n'));
  const config = parseTrainConfig(source, file, overrides);
  refuseItself(config, file);
  // Before the model and the rows are read, which may take a while.
  await refuseUnwritable(config.output_dir);
  return config;
}
