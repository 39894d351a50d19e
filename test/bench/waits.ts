import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { pidExists } from '../../src/base/node/thisMachine';
import { at, must } from '../../src/base/pure/must';
import { readAllEvents } from '../../src/run/events';
import { readRunConfig, readState } from '../../src/run/folder';
import { spread } from './measure';
import { readShortRows, writeRows } from './rows';

const run = promisify(execFile);
const pollMs = 20;

export interface WaitsPlan {
  /** For run folders and caches, which are empty at first. */
  readonly folder: string;
  readonly model: string;
  /** A built checkout of an earlier Margin to compare with, or null. */
  readonly base: string | null;
  readonly pairs: number;
  /** Runs of each side for the first loss. The sides take turns. */
  readonly rounds: number;
  /** Leaves out the second step and the stop. They take minutes if a version scores all pairs there. */
  readonly firstOnly: boolean;
}

/** How long a user waits, in seconds. */
interface Waits {
  readonly firstLoss: number;
  /** From the start to the end of the second step. */
  readonly second: number;
  /** From the stop command to the end of the process. */
  readonly stop: number;
}

/** Measures how long a user waits at the command line, with this checkout and another in turn. */
export async function compareWaits(plan: WaitsPlan, say: (line: string) => void): Promise<string> {
  const sides = [
    ...(plan.base === null ? [] : [{ name: 'before', checkout: plan.base }]),
    { name: 'now', checkout: resolve('.') },
  ];
  const config = await writeConfig(plan);
  const first = new Map<string, number[]>(sides.map(({ name }) => [name, []]));
  for (let round = 0; round < plan.rounds; round++) {
    for (const { name, checkout } of sides) {
      const seconds = await firstLoss(checkout, config, plan.folder);
      first.get(name)?.push(seconds);
      say(`  ${name}: first loss after ${seconds.toFixed(2)} s`);
    }
  }
  const whole = new Map<string, Waits>();
  for (const { name, checkout } of plan.firstOnly ? [] : sides) {
    const waits = await wholeRun(checkout, config, plan.folder);
    whole.set(name, waits);
    say(`  ${name}: second step after ${waits.second.toFixed(1)} s, stopped in ${waits.stop.toFixed(1)} s`);
  }
  return report(plan, first, whole);
}

function report(
  { pairs, rounds }: WaitsPlan,
  first: ReadonlyMap<string, readonly number[]>,
  whole: ReadonlyMap<string, Waits>,
): string {
  // Without an earlier checkout, there are no figures of `before`.
  const median = (name: string): number => spread(first.get(name) ?? []).median;
  const line = (what: string, value: (name: string) => number): string => {
    const [before, now] = [value('before'), value('now')];
    const ratio = Number.isFinite(before) ? `${(now / before).toFixed(2)}×` : '';
    return `| ${what} | ${Number.isFinite(before) ? before.toFixed(1) : ''} | ${now.toFixed(1)} | ${ratio} |`;
  };
  return [
    `SmolLM2-135M, ${pairs} pairs, seconds`,
    '| | before | now | ratio |',
    '|---|---|---|---|',
    line(`start to first loss (median of ${rounds})`, median),
    ...(whole.size === 0
      ? []
      : [
          line('start to second step', (name) => whole.get(name)?.second ?? Number.NaN),
          line('stop to exit', (name) => whole.get(name)?.stop ?? Number.NaN),
        ]),
  ].join('\n');
}

async function writeConfig({ folder, model, pairs }: WaitsPlan): Promise<string> {
  const file = join(folder, 'pairs.jsonl');
  await writeRows(file, readShortRows(pairs));
  const keys = {
    model_name_or_path: model,
    train_file: file,
    output_dir: join(folder, 'runs'),
    max_steps: 200,
    per_device_train_batch_size: 4,
    max_length: 1024,
    learning_rate: 1e-4,
    logging_steps: 1,
    use_peft: true,
    lora_r: 8,
    lora_alpha: 16,
    lora_target_modules: 'all-linear',
  };
  const config = join(folder, 'waits.train.json');
  await writeFile(config, JSON.stringify(keys));
  return config;
}

interface Started {
  readonly folder: string;
  readonly start: number;
  readonly env: NodeJS.ProcessEnv;
}

/** Starts a run at the command line, with an empty cache. */
async function startRun(checkout: string, config: string, folder: string): Promise<Started> {
  const cli = join(checkout, 'dist', 'cli.js');
  if (!existsSync(cli)) throw new Error(`${cli} is missing. Build that checkout: node esbuild.mjs`);
  const env = {
    ...process.env,
    [process.platform === 'win32' ? 'LOCALAPPDATA' : 'XDG_CACHE_HOME']: await mkdtemp(join(folder, 'cache-')),
  };
  const start = Date.now();
  const { stdout } = await run(process.execPath, [cli, 'train', config, '--detach'], { env });
  return { folder: stdout.trim(), start, env };
}

async function firstLoss(checkout: string, config: string, folder: string): Promise<number> {
  const started = await startRun(checkout, config, folder);
  const ends = await stepEnds(started, 1);
  await kill(started.folder);
  return (at(ends, 0) - started.start) / 1000;
}

async function wholeRun(checkout: string, config: string, folder: string): Promise<Waits> {
  const started = await startRun(checkout, config, folder);
  const ends = await stepEnds(started, 2);
  const { pid } = must(await readState(started.folder), "the run's state");
  const stop = Date.now();
  await run(process.execPath, [join(checkout, 'dist', 'cli.js'), 'runs', 'stop', started.folder], {
    env: started.env,
  }).catch(() => undefined);
  while (pidExists(pid)) await sleep(pollMs);
  return {
    firstLoss: (at(ends, 0) - started.start) / 1000,
    second: (at(ends, 1) - started.start) / 1000,
    stop: (Date.now() - stop) / 1000,
  };
}

/** Waits for the first steps. @returns their ends in milliseconds since 1970 */
async function stepEnds({ folder }: Started, steps: number): Promise<readonly number[]> {
  for (;;) {
    const ends = (await readAllEvents(folder)).flatMap((event) => (event.kind === 'train' ? [event.t] : []));
    if (ends.length >= steps) return ends;
    const state = await readState(folder);
    if (state?.status === 'failed')
      throw new Error(`${(await readRunConfig(folder)).name} failed: ${state.error?.message}`);
    await sleep(pollMs);
  }
}

async function kill(folder: string): Promise<void> {
  const { pid } = must(await readState(folder), "the run's state");
  process.kill(pid, 'SIGKILL');
  while (pidExists(pid)) await sleep(pollMs);
}
