import { createWriteStream } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { at } from '../../src/base/pure/must';
import { readAllEvents } from '../../src/run/events';
import { createRun } from '../../src/run/resolve';
import { startRun } from '../../src/run/start';
import { parseTrainConfig } from '../../src/run/trainConfig';
import { watchProcess, type Usage } from './measure';

/** Scoring a million rows takes an hour, 256 rows at a time. Its memory has reached its peak after this time. */
const scoringMs = 60_000;
const pollMs = 1000;

interface Growth {
  readonly rows: number;
  /** Seconds from the start to the loss of the first step. */
  readonly firstLoss: number;
  readonly usage: Usage;
}

/** Trains the sample's model one step on few rows and on many, then scores rows for a minute. */
export async function compareGrowth(folder: string, many: number): Promise<string> {
  const runs = [await grow(folder, 1000), await grow(folder, many)];
  const own = runs.map(({ usage }) => usage.own);
  return [
    '\nGrowth with the rows\n',
    ...runs.map(
      ({ rows, firstLoss, usage }) =>
        `${rows.toLocaleString('en')} rows: peak own memory ${usage.own.toFixed(0)} MB, first loss after ${firstLoss.toFixed(1)} s`,
    ),
    `more than with few rows: ${(at(own, 1) - at(own, 0)).toFixed(0)} MB`,
  ].join('\n');
}

async function grow(folder: string, rows: number): Promise<Growth> {
  const file = join(folder, `${rows}.jsonl`);
  await writeShortRows(file, rows);
  const keys = {
    model_name_or_path: resolve('media', 'sample', 'model'),
    train_file: file,
    output_dir: folder,
    max_steps: 1,
    per_device_train_batch_size: 4,
    use_peft: true,
  };
  process.env[process.platform === 'win32' ? 'LOCALAPPDATA' : 'XDG_CACHE_HOME'] = await mkdtemp(join(folder, 'cache-'));
  const start = Date.now();
  const run = await createRun(parseTrainConfig(JSON.stringify(keys), join(folder, 'growth.train.json')), {});
  const { pid, exited } = await startRun(run, { trainer: resolve('dist/trainer.js'), node: process.execPath });
  let alive = true;
  const ended = exited.finally(() => (alive = false));
  const watched = watchProcess(pid, ended);
  let first: number | undefined;
  while (alive && first === undefined) {
    await sleep(pollMs);
    first = (await readAllEvents(run)).find(({ kind }) => kind === 'train')?.t;
  }
  await Promise.race([ended, sleep(scoringMs)]);
  if (alive) process.kill(pid, 'SIGKILL');
  if (first === undefined) throw new Error(`The trainer made no step; its log is in ${run}`);
  return { rows, firstLoss: (first - start) / 1000, usage: await watched };
}

/** Writes questions about sums, each with other numbers. */
async function writeShortRows(file: string, rows: number): Promise<void> {
  const out = createWriteStream(file);
  for (let i = 0; i < rows; i++) {
    const turn = (role: string, content: string): object[] => [{ role, content }];
    const row = {
      prompt: turn('user', `What is ${i} plus ${i % 97}?`),
      chosen: turn('assistant', `${i + (i % 97)}.`),
      rejected: turn('assistant', `It is ${i}, I think.`),
    };
    if (!out.write(`${JSON.stringify(row)}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
}
