import { checkTrainConfig } from '../run/trainConfig';
import type { Sweep, Trial } from '../run/sweep/types';
import type { TrainConfig } from '../run/types';
import { MarginError } from '../base/pure/marginError';

/** The config of a trial: the base with its values, and with an evaluation at each rung. */
export function trialConfig({ base, name, rungs }: Pick<Sweep, 'base' | 'name' | 'rungs'>, trial: Trial): TrainConfig {
  const own = { ...trial.values, run_name: `${name} ${trial.index + 1}` };
  const [first] = rungs;
  const keys = { ...base, ...own, ...(first === undefined || rungs.length < 2 ? {} : { eval_steps: first }) };
  // Paths are absolute already, so the place of the file does not matter.
  const { config, problems } = checkTrainConfig(JSON.stringify(keysFor(keys, trial)), '/sweep.train.json');
  if (config) return config;
  throw new MarginError('config', problems.map(({ message }) => message).join('\n'), { trial: trial.index });
}

/** The weights of losses belong to the losses of the base config. */
function keysFor(keys: Readonly<Record<string, unknown>>, { values }: Trial): Readonly<Record<string, unknown>> {
  return 'loss_type' in values && !('loss_weights' in values) ? { ...keys, loss_weights: null } : keys;
}
