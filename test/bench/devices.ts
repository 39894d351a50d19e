import { join, resolve } from 'node:path';
import { freeMemory } from '../../src/base/node/freeMemory';
import { type DeviceName, deviceNames, type TrainConfig } from '../../src/run/types';
import { candidatesOn, chooseDevice, tryDevice } from '../../src/train/deviceTrial';
import { measure } from '../../src/train/estimate/measure';
import type { Measured } from '../../src/train/estimate/types';
import { openPeer } from '../peer/environment';
import { runPython } from '../peer/python';
import { spread } from './measure';
import { readShortRows, writeRows } from './rows';
import { configOf, trainMargin, trainTrl, type Timed, type Training } from './training';

/** Runs of each side. The sides take turns. */
const rounds = 3;
const batch = 4;
const steps = 12;
/** The first steps compile kernels, and evaluate the starting point. */
const unmeasured = 3;

/**
 * Trains the same steps on the CPU and on a device, in turn, and TRL's on CUDA where its PyTorch has it. Prints pairs
 * per second.
 *
 * @param name a device, or `auto`, which a trial chooses
 * @throws Error if there is no such device here
 */
export async function measureDevice(
  name: string,
  { folder, model }: Pick<Training, 'folder' | 'model'>,
  say: (line: string) => void,
): Promise<void> {
  const file = join(folder, 'pairs.jsonl');
  await writeRows(file, readShortRows(batch * steps));
  const plan: Training = { folder, model, file, steps, batch, maxLength: 1024, device: 'cpu' };
  const device = await deviceNamed(name, configOf(plan), say);
  const trl = device === 'cuda' ? await cudaOfTrl(plan, say) : null;
  const sides: Record<string, () => Promise<Timed>> = {
    'Margin, cpu': () => trainMargin(plan),
    ...(device === 'cpu' ? {} : { [`Margin, ${device}`]: () => trainMargin({ ...plan, device }) }),
    ...(trl ? { 'TRL, cuda': trl } : {}),
  };
  const rates = new Map(Object.keys(sides).map((side) => [side, [] as number[]]));
  for (let round = 0; round < rounds; round++)
    for (const [side, run] of Object.entries(sides)) rates.get(side)?.push(pairsPerSecond(await run()));
  for (const [side, values] of rates) say(line(side, spread(values)));
}

async function deviceNamed(name: string, config: TrainConfig, say: (line: string) => void): Promise<DeviceName> {
  const limit = await freeMemory();
  const dryRun = (one: TrainConfig): Promise<Measured> =>
    measure(one, { trainer: resolve('dist/trainer.js'), node: process.execPath, limit });
  if (name === 'auto') {
    const { device, why } = await chooseDevice(config, candidatesOn(process.platform), dryRun);
    say(why);
    return device;
  }
  const device = deviceNames.find((one) => one === name);
  if (!device) throw new Error(`--device must be auto or one of ${deviceNames.join(', ')}, not ${name}`);
  const { seconds, why } = await tryDevice(config, device, dryRun);
  if (seconds === null) throw new Error(`There is no device "${device}" to measure here: ${why}.`);
  return device;
}

/** TRL's side on CUDA; null, which is said, without PyTorch or without a graphics card that it sees. */
async function cudaOfTrl(plan: Training, say: (line: string) => void): Promise<(() => Promise<Timed>) | null> {
  const peer = await openPeer(say);
  const has = 'missing' in peer ? false : await runPython(peer.python, 'bench/has_cuda.py', null);
  if ('missing' in peer || has !== true) {
    say(`TRL is not measured: ${'missing' in peer ? peer.missing : 'its PyTorch sees no CUDA'}`);
    return null;
  }
  return () => trainTrl(peer.python, { ...plan, device: 'cuda' }, false);
}

function pairsPerSecond({ steps: seconds }: Timed): number {
  const measured = seconds.slice(unmeasured);
  return (batch * measured.length) / measured.reduce((sum, value) => sum + value, 0);
}

const line = (side: string, { min, median, max }: ReturnType<typeof spread>): string =>
  `${side}: ${median.toFixed(2)} pairs/s (${min.toFixed(2)} to ${max.toFixed(2)})`;
