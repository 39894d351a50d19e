import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { must } from '../../src/base/pure/must';
import { askRun } from '../../src/run/control';
import { readAllEvents } from '../../src/run/events';
import { readState, runPaths } from '../../src/run/folder';
import { createRun } from '../../src/run/resolve';
import { startRun, type StartedRun } from '../../src/run/start';
import { parseTrainConfig } from '../../src/run/trainConfig';
import type { Metrics, PairReward, RunEvent } from '../../src/run/types';
import { hasPeer, peer, sampleModel } from './peer';

const steps = 24;
const common = {
  model_name_or_path: resolve(sampleModel),
  train_file: resolve('media/sample/heldout.jsonl'),
  max_steps: steps,
  per_device_train_batch_size: 4,
  learning_rate: 1e-3,
  use_peft: true,
  lora_r: 4,
  lora_target_modules: 'all-linear',
  logging_steps: 1,
};
const trl = { backend: 'trl' };
/** Two processes on the CPU. An epoch ends after 12 steps: accelerate then repeats rows, and one process does not. */
const two = { ...trl, distributed_type: 'MULTI_CPU', num_processes: 2, max_steps: 12 };

const start = (folder: string, resume = false): Promise<StartedRun> =>
  startRun(folder, { trainer: join(inject('programs'), 'trainer.js'), node: process.execPath, resume });

/** The folder of all runs of this file. */
let home = '';

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'margin-trl-'));
  if (!hasPeer) return;
  process.env['MARGIN_PYTHON'] = peer().python;
  // On a model this small, more threads only wait for each other.
  process.env['OMP_NUM_THREADS'] = '1';
});

afterAll(() => rm(home, { recursive: true, force: true }));

async function newRun(keys: object): Promise<string> {
  return createRun(parseTrainConfig(JSON.stringify({ ...common, ...keys }), join(home, 'x.train.json')), {});
}

/** Trains a run to its end. @returns its folder */
async function run(keys: object): Promise<string> {
  const folder = await newRun(keys);
  await (
    await start(folder)
  ).exited;
  await expectDone(folder);
  return folder;
}

async function expectDone(folder: string): Promise<void> {
  const state = await readState(folder);
  expect(state?.error ?? null, readFileSync(runPaths.log(folder), 'utf8').slice(-2000)).toBeNull();
  expect(state?.status).toBe('done');
}

interface Point {
  readonly t: number;
  readonly step: number;
  readonly metrics: Metrics;
}

const pointsOf = async (folder: string): Promise<readonly Point[]> =>
  (await readAllEvents(folder)).flatMap((event) => (event.kind === 'train' ? [event] : []));

/** Waits until the run has an event. */
async function waitFor(folder: string, wanted: (event: RunEvent) => boolean): Promise<void> {
  while (!(await readAllEvents(folder)).some(wanted)) await sleep(50);
}

/** The curves of two runs are the same within a tolerance, and relative to the value above 1. */
async function expectOverlay(one: string, other: string, tolerance: number, names: readonly string[]): Promise<void> {
  const [a, b] = [await pointsOf(one), await pointsOf(other)];
  expect(b.map(({ step }) => step)).toEqual(a.map(({ step }) => step));
  for (const [i, { step, metrics }] of a.entries())
    for (const name of names) {
      const [left, right] = [metrics[name] ?? Number.NaN, b[i]?.metrics[name] ?? Number.NaN];
      expect(Math.abs(left - right), `step ${step} ${name}: ${left}, ${right}`).toBeLessThanOrEqual(
        tolerance * Math.max(1, Math.abs(left)),
      );
    }
}

const rewardsOf = (folder: string): readonly PairReward[] =>
  readFileSync(runPaths.rewards(folder, steps), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as PairReward);

/** Steps per second after the first one, which warms up. */
async function speedOf(folder: string): Promise<number> {
  const points = await pointsOf(folder);
  const [first, last] = [must(points[0], 'the first point'), must(points.at(-1), 'the last point')];
  return ((last.step - first.step) / (last.t - first.t)) * 1000;
}

/** The process of a rank, found by its working folder and its environment. */
function rankOf(folder: string, rank: number): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.find((pid) => {
    try {
      const isJob = readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
      return isJob && readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`RANK=${rank}`);
    } catch {
      // The process of another user, or it just ended.
      return false;
    }
  });
  return Number(must(found, `the process of rank ${rank}`));
}

describe.skipIf(!hasPeer)('a run of TRL', () => {
  let byTrl = '';
  let byMargin = '';

  beforeAll(async () => {
    byMargin = await run({});
    byTrl = await run({ ...trl, save_steps: 10 });
  });

  it(`has the curves of Margin’s own trainer for ${steps} steps`, async () => {
    const names = ['loss', 'rewards/chosen', 'rewards/margins', 'logps/chosen', 'logps/rejected', 'grad_norm'];
    await expectOverlay(byMargin, byTrl, 2e-5, [...names, 'learning_rate', 'epoch', 'num_tokens', 'entropy']);
  });

  it('has the same rewards of every pair, which Margin computes from TRL’s adapter', () => {
    const [own, its] = [rewardsOf(byMargin), rewardsOf(byTrl)];
    expect(its.map(({ key }) => key)).toEqual(own.map(({ key }) => key));
    const furthest = Math.max(...own.map(({ margin }, i) => Math.abs(margin - (its[i]?.margin ?? Number.NaN))));
    expect(furthest).toBeLessThan(1e-4);
  });

  it('starts from an adapter of Margin as Margin does', async () => {
    const keys = { adapter_name_or_path: runPaths.checkpoint(byMargin, steps), max_steps: 3 };
    await expectOverlay(await run(keys), await run({ ...trl, ...keys }), 2e-5, ['loss', 'logps/chosen']);
  });

  it('obeys a request to stop, and goes on from its checkpoint to the same end', async () => {
    const folder = await newRun({ ...trl, save_steps: 10 });
    const started = await start(folder);
    await waitFor(folder, ({ kind, step }) => kind === 'train' && step >= 3);
    await askRun(folder, 'stop');
    await started.exited;
    expect((await readState(folder))?.status).toBe('stopped');
    expect((await pointsOf(folder)).length).toBeLessThan(steps);
    await (
      await start(folder, true)
    ).exited;
    await expectDone(folder);
    await expectOverlay(byTrl, folder, 1e-6, ['loss', 'rewards/margins']);
  });
});

/** Writes the sample's pairs as judged answers, good and bad ones in turn. @returns the file */
function judgedAnswers(): string {
  const pairs = readFileSync(common.train_file, 'utf8').trimEnd().split('\n');
  const rows = pairs.map((line, i) => {
    const { prompt, chosen, rejected } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    return JSON.stringify({ prompt, completion: i % 2 === 0 ? chosen : rejected, label: i % 2 === 0 });
  });
  const file = join(home, 'judged.jsonl');
  writeFileSync(file, `${rows.join('\n')}\n`);
  return file;
}

/**
 * The keys of the other trainers. KTO's KL term is of mismatched prompts and answers. TRL takes the answer of the row
 * before within a batch of the file, so they are the same for the same rows, batch size and order, and so is the loss.
 */
const others: readonly (readonly [string, () => object])[] = [
  ['KTO', () => ({ trainer: 'kto', train_file: judgedAnswers() })],
  // TRL takes null as 512 in both.
  ['CPO', () => ({ trainer: 'cpo', max_length: 512 })],
  ['ORPO', () => ({ trainer: 'orpo', max_length: 512 })],
];

describe.skipIf(!hasPeer)('another trainer of TRL', () => {
  it.each(others)('%s has the curves of Margin’s own trainer', async (name, keysOf) => {
    const keys = { ...keysOf(), max_steps: 6 };
    const [byMargin, byTrl] = await Promise.all([run(keys), run({ ...trl, ...keys })]);
    const more = name === 'KTO' ? [] : ['rewards/margins', 'logps/rejected', 'nll_loss', 'num_tokens'];
    await expectOverlay(byMargin, byTrl, 2e-5, ['loss', 'rewards/chosen', 'logps/chosen', 'grad_norm', ...more]);
    // A difference of sums of some 20 nats, each rounded to float32.
    if (name === 'KTO') await expectOverlay(byMargin, byTrl, 1e-4, ['kl']);
  });
});

describe.skipIf(!hasPeer || process.platform !== 'linux')('two processes of TRL', () => {
  let both = '';

  beforeAll(async () => {
    both = await run({ ...two, save_steps: 2 });
  });

  it('train as one process with twice the passes per step, and say their speed', async () => {
    const alone = await run({ ...trl, gradient_accumulation_steps: 2, max_steps: 12 });
    await expectOverlay(alone, both, 2e-5, ['loss', 'rewards/margins', 'logps/chosen', 'num_tokens']);
    const [one, more] = [await speedOf(alone), await speedOf(both)];
    console.log(
      `DDP with 2 processes (gloo): ${more.toFixed(2)} steps/s, one process ${one.toFixed(2)}: ${(more / one).toFixed(2)} ×`,
    );
  });

  it('end together when one is killed; the run says so, and goes on to the same end', async () => {
    const folder = await newRun({ ...two, save_steps: 2 });
    const started = await start(folder);
    await waitFor(folder, ({ kind }) => kind === 'checkpoint');
    process.kill(rankOf(folder, 1), 'SIGKILL');
    await started.exited;
    const state = await readState(folder);
    expect(state?.status).toBe('failed');
    expect(['process-lost', 'trl-died']).toContain(state?.error?.code);
    expect((await readAllEvents(folder)).at(-1)?.kind).toBe('error');
    await (
      await start(folder, true)
    ).exited;
    await expectDone(folder);
    await expectOverlay(both, folder, 1e-6, ['loss', 'rewards/margins']);
  });
});
