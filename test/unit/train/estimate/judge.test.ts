import { describe, expect, it } from 'vitest';
import { judge, refuse } from '../../../../src/train/estimate/judge';
import { memoryLine } from '../../../../src/train/estimate/memoryLine';
import { problems, summary } from '../../../../src/train/estimate/sentences';
import type { Measured } from '../../../../src/train/estimate/types';
import { gigabyte, measured, trainConfig } from './samples';

const config = trainConfig({ use_peft: true, per_device_train_batch_size: 8, save_steps: 0 });
const sizes = { weights: gigabyte, trained: 0.01 * gigabyte, adapter: 0.01 * gigabyte };
const free = (memory: number, disk = 100): { memory: number; disk: number } => ({
  memory: memory * gigabyte,
  disk: disk * gigabyte,
});

describe('memory as a line in the load of a micro-batch', () => {
  it('goes through the measured points', () => {
    const line = memoryLine(measured());
    expect(line?.at(16)).toBeCloseTo(9 * gigabyte);
    expect(line?.at(4)).toBeCloseTo(3 * gigabyte);
  });

  it('starts at the memory before the first step if only one micro-batch was measured', () => {
    const line = memoryLine(measured('stopped', {}, 'typical'));
    expect(line?.at(16)).toBeCloseTo((1.5 + 0.5 * 15) * gigabyte);
  });

  it('is unknown before the first step', () => {
    expect(memoryLine(measured('stopped', {}, 'light'))).toBeNull();
  });
});

describe('the estimate of a run', () => {
  it('that fits has no advice, and has the time of every part', () => {
    const found = judge(config, sizes, measured(), free(20));
    expect(found).toMatchObject({
      fits: true,
      basis: 'measured',
      memory: { own: 9 * gigabyte, mapped: gigabyte, needs: 10 * gigabyte, advice: [] },
    });
    // 100 micro-batches of 800 tokens at 0.8 s, and the reference once a token at 0.4 s for 1600.
    expect(found.seconds?.steps).toBeCloseTo(80 + 20);
    expect(found.seconds).toMatchObject({ start: 3, rewards: 0, evaluations: 0, samples: 10, scoring: 20 });
    expect(found.seconds?.total).toBeCloseTo(113);
    expect([summary(found), problems(found)]).toEqual(['about 2 min, 10.0 GB of 20.0 GB free', []]);
  });

  it('counts evaluations, rewards between steps, and a moving reference', () => {
    const between = judge(
      { ...config, reward_steps: 25 },
      sizes,
      measured('done', { heldOut: 80, heldOutTokens: 8000 }),
      free(20),
    );
    // Four evaluations of 2 s each and one of the reference; the KL takes a tenth of an evaluation.
    expect(between.seconds).toMatchObject({ rewards: 3 * 20, samples: 5 * 5 });
    expect(between.seconds?.evaluations).toBeCloseTo(5 * 2 + 4 * 0.2);
    const often = judge(
      { ...config, eval_steps: 10 },
      sizes,
      measured('done', { heldOut: 80, heldOutTokens: 8000 }),
      free(20),
    );
    expect(often.seconds).toMatchObject({ rewards: 0, samples: 11 * 5 });
    expect(often.seconds?.evaluations).toBeCloseTo(11 * 2 + 10 * 0.2);
    const guarded = judge(
      { ...config, eval_steps: 10, guard_file: '/guard.txt' },
      sizes,
      measured('done', { heldOut: 80, heldOutTokens: 8000 }),
      free(20),
    );
    // 2,048 tokens at 0.25 ms, at ten evaluations and before the first step.
    expect(guarded.seconds?.evaluations).toBeCloseTo(11 * 2 + 10 * 0.2 + 11 * 2048 * 0.00025);
    const moving = judge({ ...config, sync_ref_model: true }, sizes, measured('done', { tokens: 240_000 }), free(20));
    expect(moving.seconds?.steps).toBeCloseTo(240 + 60);
    const without = judge({ ...config, trainer: 'orpo' }, sizes, measured(), free(20));
    expect(without.seconds?.steps).toBeCloseTo(80);
  });

  it('that does not fit names the batch size first, keeps the pairs of a step, and says what it would save', () => {
    const found = judge(config, sizes, measured(), free(8));
    expect(found.fits).toBe(false);
    // 90 % of 8 GB is 7.2 GB: 1 GB of weights, 1 GB and 0.5 GB for each of 9 units of load, and the sum of gradients.
    expect(found.memory.advice).toMatchObject([
      {
        set: [
          { key: 'per_device_train_batch_size', from: 8, to: 4 },
          { key: 'gradient_accumulation_steps', from: 1, to: 2 },
        ],
        saves: 3.49 * gigabyte,
        needs: 6.51 * gigabyte,
        basis: 'line',
      },
      {
        set: [{ key: 'max_length', from: 1024, to: 256 }],
        needs: 5 * gigabyte,
        price: '300 rows are cut, 7 rows are left out',
      },
    ]);
    expect(problems(found)).toEqual([
      'It does not fit in memory: a micro-batch of 8 pairs and 1,600 tokens needs 10.0 GB, and 8.0 GB are free.',
      'Set per_device_train_batch_size to 4 (now 8) and gradient_accumulation_steps to 2 (now 1): 3.5 GB less, 6.5 GB in total, by a line through the batches that were measured.',
      'Or set max_length to 256 (now 1024): 5.0 GB less, 5.0 GB in total, by a line through the batches that were measured; 300 rows are cut, 7 rows are left out.',
    ]);
  });

  it('combines both settings if neither is enough, and has no advice if nothing is', () => {
    const least = {
      smaller: [
        { size: 4, load: 14 },
        { size: 2, load: 12 },
        { size: 1, load: 10 },
      ],
      shorter: [{ maxLength: 512, load: 12, loadOfOne: 4, cut: 1, leftOut: 0 }],
    };
    const both = judge(config, sizes, measured('done', least), free(6)).memory.advice;
    expect(both.map(({ set }) => set.map(({ key, to }) => [key, to]))).toEqual([
      [
        ['per_device_train_batch_size', 1],
        ['gradient_accumulation_steps', 8],
        ['max_length', 512],
      ],
    ]);
    const none = judge(config, sizes, measured('done', least), free(2));
    expect(problems(none)[1]).toMatch(/use a smaller model/);
  });

  it('does not advise a smaller batch if other phases than steps take the memory', () => {
    const high: Measured = {
      ...measured(),
      phases: { ...measured().phases, answering: { seconds: 5, own: 9 * gigabyte } },
    };
    expect(judge(config, sizes, high, free(8)).memory.advice).toEqual([]);
  });

  it('does not expect a smaller micro-batch to shrink the larger batches of an evaluation', () => {
    const evaluated: Measured = {
      ...measured('done', { scored: { pairs: 64, tokens: 9000, load: 90 } }),
      phases: { ...measured().phases, scoring: { seconds: 5, own: 9 * gigabyte } },
    };
    expect(judge(config, sizes, evaluated, free(8)).memory.advice).toEqual([]);
    const ofSteps: Measured = { ...evaluated, plan: measured().plan };
    expect(judge(config, sizes, ofSteps, free(8)).memory.advice[0]?.set[0]).toMatchObject({
      key: 'per_device_train_batch_size',
      to: 4,
    });
  });

  it('uses the line if the dry run was stopped before the heaviest step', () => {
    const found = judge(config, sizes, measured('stopped', {}, 'heavy'), free(6));
    expect(found).toMatchObject({ fits: false, basis: 'stopped', seconds: null, memory: { own: 9 * gigabyte } });
    expect(problems(found)[0]).toBe(
      'It does not fit in memory: a micro-batch of 8 pairs and 1,600 tokens would need up to 10.0 GB, and 6.0 GB are free; the dry run was stopped before it took them all.',
    );
    expect(found.memory.advice[0]?.set[0]).toMatchObject({ key: 'per_device_train_batch_size', to: 2 });
  });

  it('of a killed dry run never fits, however little memory it used', () => {
    const killed = judge(config, sizes, measured('killed', {}, 'light'), free(20));
    expect(killed).toMatchObject({ fits: false, basis: 'killed' });
    expect(problems(killed)[0]).toMatch(/the system killed the dry run because memory ran out/);
  });

  it('from headers alone refuses what cannot fit, and says what an adapter would need', () => {
    const full = trainConfig({ use_peft: false });
    const large = { weights: 14 * gigabyte, trained: 28 * gigabyte, adapter: 0.1 * gigabyte };
    const refused = refuse(full, large, free(24));
    expect(refused).toMatchObject({ fits: false, basis: 'headers', plan: null, memory: { needs: 154 * gigabyte } });
    expect(refused && problems(refused)).toEqual([
      'It does not fit in memory: the weights with gradients and optimizer alone are 154.0 GB, and 24.0 GB are free.',
      'Set use_peft to true (now false): 139.5 GB less, 14.5 GB in total, by the sizes of the arrays; it trains an adapter instead of the weights.',
    ]);
    expect(refuse(full, large, free(160))).toBeNull();
  });
});

describe('disk space', () => {
  const full = { weights: gigabyte, trained: gigabyte, adapter: 0.01 * gigabyte };
  const often = trainConfig({ save_steps: 10, use_peft: false });

  it('counts one checkpoint more than the limit, because a new one is written before an old one is deleted', () => {
    const each = 3 * gigabyte + 8 * 800;
    const all = judge(often, full, measured(), free(20)).disk;
    expect(all).toMatchObject({
      fits: true,
      checkpoint: each,
      checkpoints: 10,
      needs: 10 * each + (all?.rewards ?? 0),
    });
    const two = judge({ ...often, save_total_limit: 2 }, full, measured(), free(20)).disk;
    expect(two?.needs).toBe(3 * each + (two?.rewards ?? 0));
    // Of 100 steps the tens and the multiples of 25 before the last, and the end; each evaluation may be the best.
    const best = { ...often, eval_steps: 25, metric_for_best_model: 'loss' };
    expect(judge(best, full, measured('done', { heldOut: 8 }), free(20)).disk).toMatchObject({ checkpoints: 12 });
    const one = judge({ ...best, save_total_limit: 1 }, full, measured('done', { heldOut: 8 }), free(20)).disk;
    expect(one?.needs).toBe(3 * each + (one?.rewards ?? 0));
  });

  it('advises save_total_limit if it does not fit', () => {
    const found = judge(often, full, measured(), free(20, 14));
    expect(found).toMatchObject({ fits: false, memory: { fits: true }, disk: { fits: false } });
    expect(found.disk?.advice.map(({ set }) => set)).toEqual([
      [{ key: 'save_total_limit', from: null, to: 3 }],
      [{ key: 'use_peft', from: false, to: true }],
    ]);
    expect(problems(found)[0]).toBe(
      'It does not fit on the disk: checkpoints and rewards take 30.0 GB, and 14.0 GB are free.',
    );
  });
});
