import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { must } from '../../src/base/pure/must';
import { readAllEvents } from '../../src/run/events';
import { createRun } from '../../src/run/resolve';
import { startRun } from '../../src/run/start';
import { parseTrainConfig } from '../../src/run/trainConfig';
import { watchProcess } from './measure';

const run = promisify(execFile);

export interface EstimatesPlan {
  readonly folder: string;
  /** A model in place of the sample's. */
  readonly model: string | null;
  readonly steps: number;
}

/** Settings whose estimate is compared with a run. */
const settings = [
  { name: 'LoRA, batch 8', keys: { use_peft: true, lora_r: 8, per_device_train_batch_size: 8 } },
  { name: 'LoRA, batch 2', keys: { use_peft: true, lora_r: 8, per_device_train_batch_size: 2 } },
  { name: 'all weights, batch 4', keys: { use_peft: false, per_device_train_batch_size: 4 } },
] as const;

/** Seconds of the steps, and MB of the process's own memory. */
interface Costs {
  readonly seconds: number;
  readonly own: number;
}

/** What the command prints that is compared here. */
interface Printed {
  readonly seconds: { readonly steps: number } | null;
  readonly memory: { readonly own: number };
}

/**
 * Compares estimates of the dry run with whole runs of the same configs, in turn on the same machine: the time of the
 * steps, with the reference of their rows, and the peak of the trainer's own memory. The goals are ±25 % and ±10 %.
 */
export async function measureEstimates(plan: EstimatesPlan, say: (line: string) => void): Promise<string> {
  const lines = ['| run | steps: estimate / run | memory: estimate / run |', '| --- | --- | --- |'];
  for (const { name, keys } of settings) {
    say(name);
    const config = await writeConfig(plan, keys);
    const [estimated, real] = [await estimate(config), await train(config)];
    lines.push(
      `| ${name} | ${compared(estimated.seconds, real.seconds, 's')} | ${compared(estimated.own, real.own, 'MB')} |`,
    );
  }
  return lines.join('\n');
}

/** Each run has a cache of its own, so no reference log-probs of another are reused. */
async function writeConfig({ folder, model, steps }: EstimatesPlan, keys: object): Promise<string> {
  const own = await mkdtemp(join(folder, 'estimate-'));
  const file = join(own, 'bench.train.json');
  const config = {
    model_name_or_path: model ?? resolve('media/sample/model'),
    train_file: resolve('media/sample/prefs.jsonl'),
    output_dir: own,
    max_steps: steps,
    logging_steps: 1,
    lora_target_modules: 'all-linear',
    ...keys,
  };
  await writeFile(file, JSON.stringify(config));
  process.env[process.platform === 'win32' ? 'LOCALAPPDATA' : 'XDG_CACHE_HOME'] = join(own, 'cache');
  return file;
}

async function estimate(config: string): Promise<Costs> {
  const { stdout } = await run(process.execPath, ['dist/cli.js', 'train', config, '--dry_run', '--json']);
  const { seconds, memory } = JSON.parse(stdout) as Printed;
  return { seconds: must(seconds, 'the estimate of the time').steps, own: memory.own / 2 ** 20 };
}

/** A whole run. */
async function train(config: string): Promise<Costs> {
  const parsed = parseTrainConfig(await readFile(config, 'utf8'), config);
  const folder = await createRun(parsed, {});
  const { pid, exited } = await startRun(folder, { trainer: resolve('dist/trainer.js'), node: process.execPath });
  const { own } = await watchProcess(pid, exited);
  const ends = (await readAllEvents(folder)).flatMap((event) => (event.kind === 'train' ? [event.t] : []));
  const [first, last] = [must(ends[0], 'the first step'), must(ends.at(-1), 'the last step')];
  // The first step has no start in the events; the others stand for it.
  return { seconds: ((last - first) / 1000) * (ends.length / (ends.length - 1)), own };
}

const compared = (estimated: number, real: number, unit: string): string =>
  `${estimated.toFixed(1)} / ${real.toFixed(1)} ${unit} (${(estimated / real).toFixed(2)})`;
