import { mkdtemp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { at, must } from '../../src/base/pure/must';
import { readAllEvents } from '../../src/run/events';
import { createRun } from '../../src/run/resolve';
import { startRun } from '../../src/run/start';
import { parseTrainConfig } from '../../src/run/trainConfig';
import type { DeviceName, TrainConfig } from '../../src/run/types';
import { runPython } from '../peer/python';
import { watchProcess, type Usage } from './measure';

export interface Training {
  readonly model: string;
  readonly file: string;
  readonly folder: string;
  readonly steps: number;
  readonly batch: number;
  readonly maxLength: number;
  readonly device: DeviceName;
}

/** One run of a trainer. */
export interface Timed {
  /** Seconds from the start to the loss of the first step. */
  readonly firstLoss: number;
  /** Seconds of each step after the first. */
  readonly steps: readonly number[];
  /** CPU seconds of the same steps. */
  readonly cpu: readonly number[];
  readonly usage: Usage;
}

/**
 * Trains as `margin train` does: fingerprints, a run folder, a trainer in its own process. The cache is empty, so no
 * reference log-probs of an earlier run are reused.
 */
export async function trainMargin(training: Training): Promise<Timed> {
  const { folder, steps } = training;
  process.env[process.platform === 'win32' ? 'LOCALAPPDATA' : 'XDG_CACHE_HOME'] = await mkdtemp(join(folder, 'cache-'));
  const start = Date.now();
  const run = await createRun(configOf(training), {});
  const { pid, exited } = await startRun(run, { trainer: resolve('dist/trainer.js'), node: process.execPath });
  const usage = await watchProcess(pid, exited);
  const ends = (await readAllEvents(run)).flatMap((event) => (event.kind === 'train' ? [event.t] : []));
  if (ends.length !== steps)
    throw new Error(`Margin's trainer made ${ends.length} of ${steps} steps; its log is in ${run}`);
  return timed(start, ends, usage);
}

/** The config of Margin's side; TRL's is in dpo.py. */
export function configOf({ model, file, folder, steps, batch, maxLength, device }: Training): TrainConfig {
  const keys = {
    model_name_or_path: model,
    train_file: file,
    output_dir: folder,
    max_steps: steps,
    per_device_train_batch_size: batch,
    max_length: maxLength,
    learning_rate: 1e-4,
    train_sampling_strategy: 'sequential',
    logging_steps: 1,
    use_peft: true,
    lora_r: 8,
    lora_alpha: 16,
    lora_target_modules: 'all-linear',
    device,
  };
  return parseTrainConfig(JSON.stringify(keys), join(folder, 'bench.train.json'));
}

export async function trainTrl(
  python: string,
  { model, file, steps, batch, maxLength, device }: Training,
  precompute: boolean,
): Promise<Timed> {
  const start = Date.now();
  let usage: Promise<Usage> | undefined;
  const request = { model, file, steps, batch, max_length: maxLength, precompute, device };
  const ends = (await runPython(python, 'bench/dpo.py', request, (child) => {
    usage = watchProcess(must(child.pid, 'the process id'), new Promise((done) => child.once('close', done)));
  })) as readonly number[];
  if (!usage) throw new Error('dpo.py ended before it was seen');
  return timed(start, ends, await usage);
}

function timed(start: number, ends: readonly number[], usage: Usage): Timed {
  const between = (clock: (time: number) => number): number[] =>
    ends.slice(1).map((end, i) => clock(end) - clock(at(ends, i)));
  return {
    firstLoss: (at(ends, 0) - start) / 1000,
    steps: between((time) => time / 1000),
    cpu: between(usage.cpuAt),
    usage,
  };
}
