import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryPath } from '../../../src/base/node/temporaryFile';
import { readState, runPaths } from '../../../src/run/folder';
import type { RunEvent, TrainConfig } from '../../../src/run/types';
import { failureOf } from '../model/files';
import { temporaryFolder } from '../run/temporaryFolder';
import { goldenConfig, goldenFolder, readGolden } from './golden';
import { dieAfter, ofKind, onlySteps, runFolder, stopAfter, train } from './runs';

/**
 * Everything that a resumed run could get wrong: short epochs, accumulation with a short last step, shuffling, warm-up.
 */
async function config(name: 'sigmoid' | 'sigmoid-full', change: Partial<TrainConfig> = {}): Promise<TrainConfig> {
  const file = join(await temporaryFolder(), 'pairs.jsonl');
  const lines = readFileSync(`${goldenFolder}/pairs.jsonl`, 'utf8').split('\n').slice(0, 9);
  await writeFile(file, `${lines.join('\n')}\n`);
  return {
    ...goldenConfig(readGolden(name)),
    train_file: file,
    per_device_train_batch_size: 2,
    gradient_accumulation_steps: 2,
    max_steps: 8,
    logging_steps: 3,
    warmup_steps: 2,
    weight_decay: 0.01,
    train_sampling_strategy: 'random',
    ...change,
  };
}

/** The points of the curves: the newest of each step. */
function points(events: readonly RunEvent[]): Map<number, unknown> {
  return new Map(ofKind(events, 'train').map(({ step, metrics }) => [step, metrics]));
}

async function expectSameEnd(folder: string, other: string): Promise<void> {
  const [end, same] = [runPaths.checkpoint(folder, 8), runPaths.checkpoint(other, 8)];
  const files = (await readdir(end)).sort();
  expect((await readdir(same)).sort()).toEqual(files);
  expect(files).toContain('optimizer.safetensors');
  for (const file of files)
    expect((await readFile(join(end, file))).equals(await readFile(join(same, file))), file).toBe(true);
  expect(await readFile(runPaths.rewards(folder, 8), 'utf8')).toBe(await readFile(runPaths.rewards(other, 8), 'utf8'));
}

const samples = (events: readonly RunEvent[]): unknown[] =>
  events.flatMap((event) => (event.kind === 'sample' ? [[event.prompt, event.before, event.after]] : []));

describe.skipIf(!existsSync(goldenFolder)).each(['sigmoid', 'sigmoid-full'] as const)('a %s run', (name) => {
  it('that is stopped and resumed equals the uninterrupted run, bit for bit', async () => {
    const settings = await config(name);
    const [whole, parted] = [await runFolder(settings), await runFolder(settings)];
    const uninterrupted = await train(whole);
    await train(parted, { stopping: stopAfter(4) });
    expect(await readState(parted)).toMatchObject({ status: 'stopped', step: 4 });
    const resumed = await train(parted, { resume: true });
    expect([...points(uninterrupted).keys()]).toEqual([1, 3, 6, 8]);
    expect(points(resumed)).toEqual(points(uninterrupted));
    await expectSameEnd(whole, parted);
    expect(samples(resumed).slice(-2)).toEqual(samples(uninterrupted).slice(-2));
    expect(samples(uninterrupted).length).toBeGreaterThan(1);
  });

  it('that is killed continues from its newest checkpoint to the same result', async () => {
    const settings = await config(name, { save_steps: 3 });
    const [whole, killed] = [await runFolder(settings), await runFolder(settings)];
    const uninterrupted = await train(whole, { samples: false });
    await failureOf(train(killed, { samples: false, stopping: dieAfter(5) }));
    expect(await readdir(join(killed, 'checkpoints'))).toEqual(['step-000003']);
    const resumed = await train(killed, { samples: false, resume: true });
    expect(ofKind(resumed, 'train').map(({ step, metrics }) => [step, metrics])).toEqual([...points(uninterrupted)]);
    await expectSameEnd(whole, killed);
  });
});

describe.skipIf(!existsSync(goldenFolder))('a run killed before its first checkpoint', () => {
  it('starts over in its folder when it is resumed, says so, and has no point twice', async () => {
    const settings = await config('sigmoid', { logging_steps: 1 });
    const [whole, killed] = [await runFolder(settings), await runFolder(settings)];
    const uninterrupted = await train(whole, { samples: false });
    await failureOf(train(killed, { samples: false, stopping: dieAfter(5) }));
    const resumed = await train(killed, { samples: false, resume: true });
    expect(ofKind(resumed, 'train').map(({ step, metrics }) => [step, metrics])).toEqual([...points(uninterrupted)]);
    expect(resumed.filter(({ kind }) => kind === 'rewards').map(({ step }) => step)).toEqual([8]);
    expect(resumed.flatMap((event) => (event.kind === 'note' ? [event.message] : []))).toContainEqual(
      expect.stringContaining('no checkpoint yet'),
    );
    await expectSameEnd(whole, killed);
  });
});

describe.skipIf(!existsSync(goldenFolder))('a run killed inside a write', () => {
  it('leaves half-written files until it is resumed; files that another process is writing stay', async () => {
    const folder = await runFolder(await config('sigmoid'));
    await failureOf(train(folder, { stopping: dieAfter(1) }));
    const before = (await readdir(folder)).sort();
    const control = temporaryPath(runPaths.control(folder));
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    const left = [runPaths.state(folder), runPaths.events(folder)].map((path) =>
      temporaryPath(path).replace(`-${process.pid}-`, `-${ended}-`),
    );
    for (const path of [...left, control]) await writeFile(path, '{"ver');
    await train(folder, { resume: true, stopping: stopAfter(1) });
    expect((await readdir(folder)).sort()).toEqual(
      [...before, basename(control), 'checkpoints', 'scoring.json'].sort(),
    );
  });
});

describe.skipIf(!existsSync(goldenFolder)).each(['sigmoid', 'sigmoid-full'] as const)(
  'a %s run whose reference moves',
  (name) => {
    const moving = { sync_ref_model: true, ref_model_sync_steps: 3 };

    it('resumes to the same bytes, from between two moves', async () => {
      const settings = await config(name, moving);
      const [whole, parted] = [await runFolder(settings), await runFolder(settings)];
      const uninterrupted = await train(whole, { samples: false });
      await train(parted, { stopping: stopAfter(5) });
      expect(points(await train(parted, { samples: false, resume: true }))).toEqual(points(uninterrupted));
      await expectSameEnd(whole, parted);
    });

    it('to the policy after each step has a loss of ln 2 at every step', async () => {
      const folder = await runFolder(
        await config(name, { ...moving, ref_model_sync_steps: 1, ref_model_mixup_alpha: 1, logging_steps: 1 }),
      );
      for (const { metrics } of ofKind(await train(folder, { stopping: stopAfter(4) }), 'train'))
        expect([metrics.loss, metrics['rewards/margins']]).toEqual([expect.closeTo(Math.LN2, 6), 0]);
    });

    it('with α = 0 equals one whose reference does not move, up to the rounding of other batches', async () => {
      const losses = async (change: Partial<TrainConfig>): Promise<number[]> => {
        const folder = await runFolder(await config(name, { logging_steps: 1, ...change }));
        const events = await train(folder, { stopping: stopAfter(5) });
        return ofKind(events, 'train').map(({ metrics }) => metrics.loss ?? Number.NaN);
      };
      const stayed = await losses({});
      expect(await losses({ ...moving, ref_model_mixup_alpha: 0 })).toEqual(
        stayed.map((loss) => expect.closeTo(loss, 5)),
      );
      expect(await losses(moving)).not.toEqual(stayed.map((loss) => expect.closeTo(loss, 5)));
    });
  },
);

describe.skipIf(!existsSync(goldenFolder))('checkpoints', () => {
  it('of a full-weight run can be used as models', async () => {
    const folder = await runFolder(await config('sigmoid-full', { max_steps: 1 }));
    await train(folder, onlySteps);
    const next = await runFolder(
      await config('sigmoid-full', { max_steps: 1, model_name_or_path: runPaths.checkpoint(folder, 1) }),
    );
    expect(ofKind(await train(next, onlySteps), 'train')[0]?.metrics.loss).toBeCloseTo(Math.LN2, 6);
  });

  it('beyond save_total_limit are deleted, the oldest first', async () => {
    const folder = await runFolder(await config('sigmoid', { max_steps: 5, save_steps: 1, save_total_limit: 2 }));
    await train(folder, onlySteps);
    expect((await readdir(join(folder, 'checkpoints'))).sort()).toEqual(['step-000004', 'step-000005']);
  });

  it('are refused if the data has changed', async () => {
    const settings = await config('sigmoid');
    const folder = await runFolder(settings);
    await train(folder, { stopping: stopAfter(1) });
    const text = await readFile(settings.train_file, 'utf8');
    await writeFile(settings.train_file, text.replace('a', 'b'));
    expect(await failureOf(train(folder, { resume: true }))).toMatchObject({
      code: 'checkpoint-mismatch',
      message: expect.stringContaining('changed'),
    });
  });

  it('name their file if they are damaged', async () => {
    const folder = await runFolder(await config('sigmoid'));
    await train(folder, { stopping: stopAfter(1) });
    await writeFile(join(runPaths.checkpoint(folder, 1), 'trainer.json'), '{');
    expect(await failureOf(train(folder, { resume: true }))).toMatchObject({
      code: 'checkpoint-damaged',
      message: expect.stringContaining('trainer.json'),
    });
  });

  it('are not saved before the first step', async () => {
    const folder = await runFolder(await config('sigmoid'));
    const events = await train(folder, { stopping: stopAfter(0) });
    expect(await readState(folder)).toMatchObject({ status: 'stopped', step: 0 });
    expect(events).toEqual([]);
  });
});
