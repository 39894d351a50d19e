import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readState, runPaths } from '../../../src/run/folder';
import { heldOutSteps } from '../../../src/run/find';
import { noSlices } from '../../../src/run/rewardColumns/eachReward';
import { readColumns } from '../../../src/run/rewardColumns/readColumns';
import type { RunEvent, TrainConfig } from '../../../src/run/types';
import { evaluationMetrics } from '../../../src/train/evaluationMetrics';
import { failureOf } from '../model/files';
import { dieAfter, ofKind, onlySteps, runFolder, stopAfter, train } from './runs';
import { judgedSample, sampleFolder, sampleRun } from './sampleRun';

/** Both sides of the split have rows with this seed. */
const split = {
  test_split_size: 0.4,
  seed: 3,
  lr_scheduler_type: 'constant',
  lora_target_modules: ['q_proj', 'v_proj'],
} as const;
const evaluating = (change: Partial<TrainConfig> = {}): Promise<TrainConfig> =>
  sampleRun({ ...split, max_steps: 7, eval_steps: 2, ...change }, 14);

const stepsOf = (events: readonly RunEvent[], kind: RunEvent['kind']): number[] => [
  ...new Set(events.flatMap((event) => (event.kind === kind ? [event.step] : []))),
];
/** The events without notes, which each process writes again, and without times. */
const told = (events: readonly RunEvent[], folder: string): unknown[] =>
  events
    .filter(({ kind }) => kind !== 'note')
    .map((event) => JSON.parse(JSON.stringify({ ...event, t: 0 }).replaceAll(folder, '')) as unknown);

async function bytesOf(folder: string): Promise<(readonly [name: string, content: string])[]> {
  // The columns of rewards name the time at which their lines were written.
  const compared = /^(checkpoints.*\.|rewards.*\.jsonl$)/;
  const names = (await readdir(folder, { recursive: true })).filter((name) => compared.test(name));
  return Promise.all(names.sort().map(async (name) => [name, (await readFile(join(folder, name))).toString('base64')]));
}

describe('evaluations', () => {
  it('come every eval_steps and after the last step, once even if rewards are due too, with samples of the same prompts', async () => {
    const events = await train(await runFolder(await evaluating({ reward_steps: 4 })));
    expect(ofKind(events, 'eval').map(({ step }) => step)).toEqual([2, 4, 6, 7]);
    expect(stepsOf(events, 'rewards')).toEqual([4, 7]);
    const samples = events.flatMap((event) => (event.kind === 'sample' ? [event] : []));
    const prompts = [...new Set(samples.map(({ prompt }) => prompt))];
    expect(prompts.length).toBeGreaterThan(1);
    expect(samples.map(({ step, prompt }) => [step, prompt])).toEqual(
      [2, 4, 6, 7].flatMap((step) => prompts.map((prompt) => [step, prompt])),
    );
    for (const prompt of prompts)
      expect(new Set(samples.filter((sample) => sample.prompt === prompt).map(({ before }) => before)).size).toBe(1);
  });

  it('without eval_steps come every reward_steps, and after the last step', async () => {
    const events = await train(await runFolder(await evaluating({ eval_steps: 0, reward_steps: 3 })), onlySteps);
    expect(ofKind(events, 'eval').map(({ step }) => step)).toEqual([3, 6, 7]);
  });

  it('use the model as it is after these steps, and do not change it', async () => {
    const [often, once] = await Promise.all([evaluating(), evaluating({ max_steps: 4, eval_steps: 0 })]);
    const [more, less] = [
      await train(await runFolder(often), onlySteps),
      await train(await runFolder(once), onlySteps),
    ];
    expect(ofKind(more, 'eval').find(({ step }) => step === 4)?.metrics).toEqual(ofKind(less, 'eval').at(-1)?.metrics);
    expect(
      ofKind(more, 'train')
        .slice(0, 4)
        .map(({ metrics }) => metrics.loss),
    ).toEqual(ofKind(less, 'train').map(({ metrics }) => metrics.loss));
  });

  it.each([
    ['dpo', { loss_type: ['sigmoid', 'sft'], loss_weights: [1, 1] }],
    ['kto', { loss_type: ['kto'], train_sampling_strategy: 'sequential' }],
    ['cpo', { loss_type: ['simpo'] }],
    ['orpo', { loss_type: ['orpo'] }],
  ] as const)('of trainer %s carry the metrics that are promised before the first step', async (trainer, change) => {
    const config = await evaluating({ trainer, max_steps: 1, guard_file: join(sampleFolder, 'guard.txt'), ...change });
    const files = trainer === 'kto' ? { train_file: await judgedSample(config.train_file) } : {};
    const [, event] = ofKind(await train(await runFolder({ ...config, ...files }), onlySteps), 'eval');
    expect(Object.keys(event?.metrics ?? {}).sort()).toEqual(evaluationMetrics(config).sort());
  });

  it('use batches of per_device_eval_batch_size', async () => {
    const entropies = await Promise.all(
      [1, 8].map(
        async (size) =>
          ofKind(
            await train(
              await runFolder(await evaluating({ max_steps: 1, per_device_eval_batch_size: size })),
              onlySteps,
            ),
            'eval',
          )[0]?.metrics,
      ),
    );
    expect(entropies[0]?.eval_loss).toBeCloseTo(entropies[1]?.eval_loss ?? NaN, 5);
    expect(entropies[0]?.eval_entropy).not.toBe(entropies[1]?.eval_entropy);
  });
});

describe('the best evaluation of a run', () => {
  /** Margins grow, so the first evaluation is the best if less is better. */
  const firstIsBest = {
    metric_for_best_model: 'rewards/margins',
    greater_is_better: false,
    save_steps: 1,
    save_total_limit: 1,
  };

  it('is in the state, and rotation keeps its checkpoint and the newest', async () => {
    const folder = await runFolder(await evaluating(firstIsBest));
    const margins = ofKind(await train(folder, onlySteps), 'eval').map(
      ({ metrics }) => metrics['eval_rewards/margins'] ?? NaN,
    );
    expect(margins.indexOf(Math.min(...margins))).toBe(0);
    expect((await readState(folder))?.best).toEqual({ step: 2, metric: 'eval_rewards/margins', value: margins[0] });
    expect((await readdir(join(folder, 'checkpoints'))).sort()).toEqual(['step-000002', 'step-000007']);
  });

  it.each([
    ['dpo', {}],
    ['cpo', { loss_type: ['simpo'] }],
  ] as const)('of trainer %s and the newest one keep the margin of each held-out pair', async (trainer, change) => {
    const folder = await runFolder(await evaluating({ ...firstIsBest, trainer, ...change }));
    const events = ofKind(await train(folder, onlySteps), 'eval');
    const best = (await readState(folder))?.best?.step;
    expect(await heldOutSteps(folder)).toEqual([...new Set([best, 7])]);
    const margins = await (await readColumns(runPaths.heldOut(folder, 7), noSlices)).column('margin');
    const right = margins.filter((margin) => margin > 0).length / margins.length;
    expect(right).toBeCloseTo(events.at(-1)?.metrics['eval_rewards/accuracies'] ?? NaN, 6);
    expect(new Set(margins).size).toBe(margins.length);
  });

  it('has a checkpoint even if none is due', async () => {
    const folder = await runFolder(
      await evaluating({ metric_for_best_model: 'rewards/margins', greater_is_better: false, save_steps: 0 }),
    );
    await train(folder, onlySteps);
    expect((await readdir(join(folder, 'checkpoints'))).sort()).toEqual(['step-000002', 'step-000007']);
  });

  it.each([
    ['an adapter', {}],
    ['all weights', { use_peft: false }],
    ['a reference that moves', { sync_ref_model: true, ref_model_sync_steps: 2 }],
  ])(
    'of %s is what the run ends on with load_best_model_at_end: rewards and samples are those of the run that ended there',
    async (_, change) => {
      const [folder, short] = [
        await runFolder(await evaluating({ ...firstIsBest, load_best_model_at_end: true, ...change })),
        await runFolder(await evaluating({ max_steps: 2, ...change })),
      ];
      const [events, ended] = [await train(folder), await train(short)];
      expect(await readFile(runPaths.rewards(folder, 2), 'utf8')).toBe(
        await readFile(runPaths.rewards(short, 2), 'utf8'),
      );
      expect(stepsOf(events, 'rewards')).toEqual([2]);
      const samples = (of: readonly RunEvent[]): unknown[] =>
        of.flatMap((event) => (event.kind === 'sample' ? [[event.step, event.prompt, event.after]] : []));
      expect(samples(events).slice(-3)).toEqual(samples(ended).slice(-3));
      expect(await readState(folder)).toMatchObject({ status: 'done', step: 7, best: { step: 2 } });
      expect(events).toContainEqual(
        expect.objectContaining({
          kind: 'note',
          message: expect.stringMatching(/^The best evaluation is that of step 2, .*the run ends on it/),
        }),
      );
    },
  );

  it('has nothing to load if it is the last one', async () => {
    const folder = await runFolder(
      await evaluating({ metric_for_best_model: 'rewards/margins', load_best_model_at_end: true }),
    );
    const events = await train(folder);
    expect((await readState(folder))?.best?.step).toBe(7);
    expect(stepsOf(events, 'rewards')).toEqual([7]);
    expect(events.filter(({ kind, step }) => kind === 'sample' && step === 7)).toHaveLength(
      new Set(events.flatMap((event) => (event.kind === 'sample' ? [event.prompt] : []))).size,
    );
  });

  it('ends the run if it does not come within early_stopping_patience, and the run stays done when it is resumed', async () => {
    const folder = await runFolder(await evaluating({ ...firstIsBest, early_stopping_patience: 2 }));
    const events = await train(folder);
    expect(ofKind(events, 'eval').map(({ step }) => step)).toEqual([2, 4, 6]);
    expect(await readState(folder)).toMatchObject({ status: 'done', step: 6, steps: 7, best: { step: 2 } });
    expect(events).toContainEqual(
      expect.objectContaining({
        kind: 'note',
        message: expect.stringMatching(/^Ended at step 6 of 7: 2 evaluations in a row/),
      }),
    );
    const bytes = await bytesOf(folder);
    expect(told(await train(folder, { resume: true }), folder)).toEqual(told(events, folder));
    expect(await bytesOf(folder)).toEqual(bytes);
  });

  it('by an unknown metric ends the run before its first step, and names the known metrics', async () => {
    const folder = await runFolder(await evaluating({ metric_for_best_model: 'accuracy' }));
    const failure = await failureOf(train(folder));
    expect(failure).toMatchObject({
      code: 'unknown-metric',
      message: expect.stringContaining('no eval_accuracy; there are eval_entropy, eval_logits/chosen'),
    });
    expect(await readState(folder)).toMatchObject({ status: 'failed', step: 0 });
  });

  it('by a metric that these rows do not have ends the run at its first evaluation', async () => {
    const config = await evaluating({
      trainer: 'kto',
      loss_type: ['kto'],
      train_sampling_strategy: 'sequential',
      metric_for_best_model: 'rewards/rejected',
    });
    const file = await judgedSample(config.train_file, (label) => label);
    expect(await failureOf(train(await runFolder({ ...config, train_file: file })))).toMatchObject({
      code: 'unknown-metric',
      message: expect.not.stringContaining('eval_logps/rejected'),
    });
  });
});

describe('a run that evaluates and ends with its best model', () => {
  const judging = {
    reward_steps: 4,
    save_steps: 3,
    metric_for_best_model: 'rewards/margins',
    greater_is_better: false,
    load_best_model_at_end: true,
    guard_file: join(sampleFolder, 'guard.txt'),
  };
  /** Whether a file is of the checkpoint that only a stopped run saves. */
  const isOfStop = (name: string, step: number): boolean => name.includes(`step-00000${step}`);

  it('has the events and files of the uninterrupted one if it is stopped or killed, and resumed', async () => {
    const config = await evaluating(judging);
    const whole = await runFolder(config);
    const [events, bytes] = [told(await train(whole), whole), await bytesOf(whole)];
    // Before the first evaluation, at a step that evaluates and scores, and at a step that does neither.
    for (const step of [1, 4, 5]) {
      const folder = await runFolder(config);
      await train(folder, { stopping: stopAfter(step) });
      const but = (all: readonly unknown[]): unknown[] =>
        all.filter((event) => !(event as { path?: string }).path?.includes(`checkpoints/step-00000${step}`));
      expect(but(told(await train(folder, { resume: true }), folder)), `stopped after ${step}`).toEqual(but(events));
      const left = await bytesOf(folder);
      expect(
        left.filter(([name]) => !isOfStop(name, step)),
        `stopped after ${step}`,
      ).toEqual(bytes.filter(([name]) => !isOfStop(name, step)));
    }
    // Before the first checkpoint, which is that of the best evaluation, and after the newest.
    for (const step of [1, 4]) {
      const folder = await runFolder(config);
      await failureOf(train(folder, { stopping: dieAfter(step) }));
      expect(told(await train(folder, { resume: true }), folder), `killed after ${step}`).toEqual(events);
      expect(await bytesOf(folder), `killed after ${step}`).toEqual(bytes);
    }
  }, 400_000);
});
