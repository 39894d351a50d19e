import { join } from 'node:path';
import { freeMemory } from '../base/node/freeMemory';
import type { TrainConfig } from '../run/types';
import { candidatesOn, chooseDevice } from '../train/deviceTrial';
import { measure } from '../train/estimate/measure';
import type { Surroundings } from './command';
import { interruption } from './interruption';
import { Progress } from './progress';

/** `--device auto`: the config with the fastest device of a trial. The choice and its reason are printed. */
export async function withFastestDevice(
  config: TrainConfig,
  { output, programs }: Pick<Surroundings, 'output' | 'programs'>,
): Promise<TrainConfig> {
  const progress = new Progress(output);
  const options = {
    trainer: join(programs, 'trainer.js'),
    node: process.execPath,
    limit: await freeMemory(),
    signal: interruption().signal,
  };
  try {
    const { device, why } = await chooseDevice(config, candidatesOn(process.platform), (one) => {
      progress.update(`trying ${one.device}`);
      return measure(one, options);
    });
    progress.end();
    output.say(why);
    return { ...config, device };
  } finally {
    progress.end();
  }
}
