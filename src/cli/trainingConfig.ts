import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { clonedKeys } from '../run/clone';
import { readRunConfig } from '../run/folder';
import { refuseUnwritable } from '../run/outputFolder';
import { checkTrainConfig, parseTrainConfig, readTrainConfig } from '../run/trainConfig';
import type { TrainConfig } from '../run/types';
import { onePositional, UsageError } from './args';
import type { Arguments } from './args';
import { withFastestDevice } from './autoDevice';
import { readingOption } from './columnsOption';
import type { Surroundings } from './command';
import { readOverrides } from './overrides';
import { refuseItself } from './refuseItself';

/** The config that a command line names, with its `--KEY VALUE`. @throws UsageError; MarginError `config` and others */
export async function readConfig(args: Arguments, surroundings: Surroundings): Promise<TrainConfig> {
  const { cwd } = surroundings;
  const file = resolve(cwd, onePositional(args, 'CONFIG.train.json'));
  const source = await sourceOf(file);
  const overrides = new Map(readOverrides(args, cwd));
  // A config names a device; `auto` chooses one for it.
  const isAuto = overrides.get('device') === 'auto' && overrides.delete('device');
  // The text of --columns may name a file. `null` is a value of the key.
  if (typeof overrides.get('columns') === 'string')
    overrides.set('columns', (await readingOption(withoutFormat(args), null, surroundings)).columns);
  const { problems } = checkTrainConfig(source, file, overrides);
  const typed = problems.filter(({ field, line }) => line === null && field !== null && overrides.has(field));
  if (typed.length > 0) throw new UsageError(typed.map(({ message }) => `--${message}`).join('\n'));
  const config = parseTrainConfig(source, file, overrides);
  refuseItself(config, file);
  // Checked before the model and the rows are read, which may take a while.
  await refuseUnwritable(config.output_dir);
  return isAuto ? withFastestDevice(config, surroundings) : config;
}

/** `data_format` is a key of the config, whose check finds what is wrong with it. */
function withoutFormat({ positionals, options }: Arguments): Arguments {
  return { positionals, options: new Map([...options].filter(([name]) => name !== 'data_format')) };
}

/** The text of a config; of a run folder, the config of the run. */
async function sourceOf(file: string): Promise<string> {
  const isFolder = await stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) return readTrainConfig(file);
  const { config } = await readRunConfig(file);
  return JSON.stringify({ ...clonedKeys(config, dirname(file)), run_name: config.run_name });
}
