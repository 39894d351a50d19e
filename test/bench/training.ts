import { join, resolve } from 'node:path';
import { readAllEvents } from '../../src/run/events';
import { createRun } from '../../src/run/resolve';
import { startRun } from '../../src/run/start';
import { parseTrainConfig } from '../../src/run/trainConfig';
import { runPython } from '../peer/python';
import { peakMemory, type Peak } from './measure';

export interface Training {
  readonly model: string;
  readonly file: string;
  readonly folder: string;
  readonly steps: number;
  readonly batch: number;
  readonly maxLength: number;
}

/** One run of a trainer. */
export interface Timed {
  /** Seconds from the wish to train to the first step's loss. */
  readonly firstLoss: number;
  /** Seconds of each step after the first. */
  readonly steps: readonly number[];
  readonly peak: Peak;
}

/** As `margin train` does it: fingerprints, a run folder, a trainer in its own process. */
export async function trainMargin({ model, file, folder, steps, batch, maxLength }: Training): Promise<Timed> {
  const keys = {
    model_name_or_path: model, train_file: file, output_dir: folder, max_steps: steps, per_device_train_batch_size: batch, max_length: maxLength, learning_rate: 1e-4,
    train_sampling_strategy: 'sequential', logging_steps: 1, use_peft: true, lora_r: 8, lora_alpha: 16, lora_target_modules: 'all-linear',
  };
  const start = Date.now();
  const run = await createRun(parseTrainConfig(JSON.stringify(keys), join(folder, 'bench.train.json')), {});
  const { pid, exited } = await startRun(run, { trainer: resolve('dist/trainer.js'), node: process.execPath });
  const peak = await peakMemory(pid, exited);
  const ends = (await readAllEvents(run)).flatMap((event) => (event.kind === 'train' ? [event.t] : []));
  if (ends.length !== steps) throw new Error(`Margin's trainer made ${ends.length} of ${steps} steps; its log is in ${run}`);
  return { ...timed(start, ends), peak };
}

export async function trainTrl(python: string, { model, file, steps, batch, maxLength }: Training, precompute: boolean): Promise<Timed> {
  const start = Date.now();
  let peak: Promise<Peak> | undefined;
  const request = { model, file, steps, batch, max_length: maxLength, precompute };
  const ends = (await runPython(python, 'bench/trl.py', request, (child) => {
    peak = peakMemory(child.pid ?? 0, new Promise((done) => child.once('close', done)));
  })) as readonly number[];
  return { ...timed(start, ends), peak: (await peak) ?? { resident: 0, own: 0, file: 0 } };
}

function timed(start: number, ends: readonly number[]): Pick<Timed, 'firstLoss' | 'steps'> {
  const seconds = (from: number, to: number): number => (to - from) / 1000;
  return { firstLoss: seconds(start, ends[0] ?? Number.NaN), steps: ends.slice(1).map((end, i) => seconds(ends[i] ?? Number.NaN, end)) };
}
