import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { isLiving } from '../../../src/run/alive';
import { findRuns, readRun } from '../../../src/run/find';
import { runPaths } from '../../../src/run/folder';
import { holderOf } from '../../../src/run/lock';
import { readQueue } from '../../../src/run/queue/queue';
import { queueFolder } from '../../../src/run/queue/workQueue';
import { temporaryFolder } from '../run/temporaryFolder';
import { CommandLine } from './commandLine';
import { golden, model } from './program';

const program = new CommandLine();
const patience = { timeout: 90_000, interval: 100 };

async function config(): Promise<string> {
  const folder = await temporaryFolder();
  const keys = {
    model_name_or_path: model,
    train_file: join(golden, 'pairs.jsonl'),
    use_peft: true,
    lora_r: 4,
    per_device_train_batch_size: 2,
    max_steps: 2,
    logging_steps: 1,
  };
  await writeFile(join(folder, 'a.train.json'), JSON.stringify(keys));
  onTestFinished(() => endAll(join(folder, '.margin', 'runs')));
  return folder;
}

/** Queue and runs outlive the command line, so each test must end them. */
async function endAll(dir: string): Promise<void> {
  await killQueue(dir);
  for (const { status, state } of (await findRuns([dir])).runs)
    if (isLiving(status) && state && state.pid > 0) process.kill(state.pid, 'SIGKILL');
}

async function killQueue(dir: string): Promise<void> {
  const holder = await holderOf(queueFolder(dir)).catch(() => null);
  if (holder !== null && holder !== 'unknown') process.kill(holder.pid, 'SIGKILL');
}

const startOf = async (run: string): Promise<number> => {
  const [first = ''] = (await readFile(runPaths.events(run), 'utf8')).split('\n');
  return (JSON.parse(first) as { t: number }).t;
};

const endOf = async (run: string): Promise<number> => {
  const lines = (await readFile(runPaths.events(run), 'utf8')).trim().split('\n');
  return (JSON.parse(lines.at(-1) ?? '') as { t: number }).t;
};

/** Waits until the process of a run that is done has scored its pairs, because it writes into a folder to remove. */
const released = (folder: string): Promise<void> =>
  vi.waitFor(async () => expect(await holderOf(folder)).toBeNull(), patience);

describe.skipIf(!existsSync(model))('with the model in ../shared (skipped if it is missing)', () => {
  it('train --queue returns at once, and the runs train one after another, without the command line', async () => {
    const folder = await config();
    const dir = join(folder, '.margin', 'runs');
    const long = await program.runHere(
      ['train', 'a.train.json', '--queue', '--json', '--run_name', 'a', '--max_steps', '30'],
      folder,
    );
    expect(long.json()).toMatchObject([{ status: 'queued' }]);
    for (const name of ['b', 'c'])
      await program.runHere(['train', 'a.train.json', '--queue', '--run_name', name], folder);
    await vi.waitFor(async () => expect(await readQueue(dir)).toHaveLength(2), patience);
    const [b, c] = (await readQueue(dir)).map(({ folder: run }) => run);
    if (b === undefined || c === undefined) throw new Error('no queue');
    const moved = await program.runHere(['queue', 'up', c, '--json'], folder);
    expect(moved.json()).toMatchObject([
      { name: 'c', place: 1 },
      { name: 'b', place: 2 },
    ]);
    await vi.waitFor(async () => expect((await readRun(b)).status).toBe('done'), patience);
    expect((await readRun(c)).status).toBe('done');
    expect(await startOf(b)).toBeGreaterThan(await endOf(c));
    const ended = await program.runHere(['queue'], folder);
    expect(ended.out).toContain('No run waits');
    await released(b);
  });

  it('a killed queue loses nothing: the next command takes it up', async () => {
    const folder = await config();
    const dir = join(folder, '.margin', 'runs');
    await program.runHere(['train', 'a.train.json', '--detach', '--run_name', 'a', '--max_steps', '400'], folder);
    await program.runHere(['train', 'a.train.json', '--queue', '--run_name', 'b'], folder);
    await vi.waitFor(
      async () => expect(await holderOf(queueFolder(dir))).toMatchObject({ purpose: 'queueing' }),
      patience,
    );
    await killQueue(dir);
    const [waiting] = await readQueue(dir);
    if (waiting === undefined) throw new Error('no queue');
    const runs = (await findRuns([dir])).runs;
    const first = runs.find((run) => run.folder !== waiting.folder);
    await program.runHere(['runs', 'stop', first?.folder ?? ''], folder);
    expect((await readRun(waiting.folder)).status).toBe('queued');
    expect((await program.runHere(['queue'], folder)).out).toContain(waiting.folder);
    await vi.waitFor(async () => expect((await readRun(waiting.folder)).status).toBe('done'), patience);
    await released(waiting.folder);
  });
});
