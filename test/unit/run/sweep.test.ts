import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSweep, readSweep, sweepPaths } from '../../../src/run/sweep/files';
import { nextMove, rungsOf } from '../../../src/run/sweep/plan';
import { summarize, sweepSentences } from '../../../src/run/sweep/summary';
import { gridValues, newTrials, randomValues } from '../../../src/run/sweep/trials';
import type { Sweep, SweepAxis, Trial } from '../../../src/run/sweep/types';
import { runConfig } from './samples';
import { temporaryFolder } from './temporaryFolder';

const beta: SweepAxis = { key: 'beta', values: [0.05, 0.1] };
const rank: SweepAxis = { key: 'lora_r', from: 4, to: 32, scale: 'log', integer: true };
const rate: SweepAxis = { key: 'learning_rate', from: 1e-6, to: 1e-3, scale: 'log', integer: false };

function sweep(change: Partial<Sweep> = {}): Sweep {
  return {
    version: 1,
    name: 's',
    created: 1,
    base: runConfig().config,
    method: 'grid',
    axes: [beta],
    seed: 0,
    budget: null,
    metric: 'eval_rewards/accuracies',
    greater_is_better: true,
    rungs: [],
    eta: 2,
    held_out: 100,
    trials: newTrials(gridValues([beta])),
    ...change,
  };
}

/** Trials that reached a rung with these values. */
const reached = (rung: number, ...values: number[]): Trial[] =>
  newTrials(values.map(() => ({}))).map((trial, i) => ({
    ...trial,
    rung,
    result: { step: rung, value: values[i] ?? 0 },
  }));

describe('the trials of a sweep', () => {
  it('are every combination of a grid', () => {
    expect(gridValues([beta, { key: 'loss_type', values: ['sigmoid', 'ipo'] }])).toEqual([
      { beta: 0.05, loss_type: 'sigmoid' },
      { beta: 0.05, loss_type: 'ipo' },
      { beta: 0.1, loss_type: 'sigmoid' },
      { beta: 0.1, loss_type: 'ipo' },
    ]);
  });

  it('are random within their ranges, the same for the same seed, and never twice the same', () => {
    const seed = Math.floor(Math.random() * 1e6);
    const found = randomValues([beta, rank, rate], 40, seed);
    expect(found, `seed ${seed}`).toHaveLength(40);
    expect(randomValues([beta, rank, rate], 40, seed), `seed ${seed}`).toEqual(found);
    expect(new Set(found.map((one) => JSON.stringify(one))).size, `seed ${seed}`).toBe(40);
    for (const values of found) {
      const [r, l] = [Number(values['lora_r']), Number(values['learning_rate'])];
      expect(Number.isInteger(r) && r >= 4 && r <= 32 && l >= 1e-6 && l <= 1e-3, `seed ${seed}`).toBe(true);
    }
    // Half of a range of three decades lies below its geometric middle.
    const low = found.filter((values) => Number(values['learning_rate']) < 10 ** -4.5).length;
    expect(low, `seed ${seed}`).toBeGreaterThan(5);
  });

  it('are fewer if there are not so many combinations', () => {
    expect(randomValues([beta], 10, 1)).toHaveLength(2);
  });
});

describe('the next move', () => {
  it('is the first trial that waits, and one that runs already comes before it', () => {
    const [a, b] = sweep().trials;
    expect(nextMove(sweep())).toMatchObject({ kind: 'train', trial: { index: 0 }, stopAt: null });
    if (!a || !b) throw new Error('no trials');
    expect(nextMove(sweep({ trials: [a, { ...b, state: 'running' }] }))).toMatchObject({ trial: { index: 1 } });
    expect(nextMove(sweep({ trials: [a, b].map((one) => ({ ...one, state: 'done' as const })) })).kind).toBe('end');
  });

  it('of successive halving trains all to a rung, drops the worse half, and continues the others', () => {
    const halving = (trials: Trial[]): Sweep => sweep({ method: 'halving', rungs: [2, 4, 8], trials });
    expect(nextMove(halving(newTrials([{}, {}, {}, {}])))).toMatchObject({ trial: { index: 0 }, stopAt: 2 });
    const level = reached(1, 0.5, 0.9, NaN, 0.7);
    const move = nextMove(halving(level));
    expect(move.kind === 'drop' && move.trials.map(({ index }) => index)).toEqual([0, 2]);
    const left = level.map((one): Trial => (one.index === 0 || one.index === 2 ? { ...one, state: 'dropped' } : one));
    expect(nextMove(halving(left))).toMatchObject({ kind: 'train', trial: { index: 1 }, stopAt: 4 });
    const second = left.map((one): Trial => (one.state === 'dropped' ? one : { ...one, rung: 2 }));
    const next = nextMove(halving(second));
    expect(next.kind === 'drop' && next.trials.map(({ index }) => index)).toEqual([3]);
    const last = second.map((one): Trial => (one.index === 3 ? { ...one, state: 'dropped' } : one));
    expect(nextMove(halving(last))).toMatchObject({ kind: 'train', trial: { index: 1 }, stopAt: null });
  });

  it('ends every sweep: each trial is done or dropped, and one reaches the end', () => {
    const seed = Math.floor(Math.random() * 1e6);
    for (let count = 1; count <= 12; count++)
      for (const eta of [2, 3]) {
        let now = sweep({
          method: 'halving',
          eta,
          rungs: rungsOf(count, eta, 50),
          trials: newTrials(Array(count).fill({})),
        });
        for (let moves = 0, move = nextMove(now); move.kind !== 'end'; move = nextMove(now)) {
          if ((moves += 1) > 200) throw new Error(`no end: ${count} trials, eta ${eta}, seed ${seed}`);
          const touched = move.kind === 'drop' ? move.trials : [move.trial];
          const stopAt = move.kind === 'train' ? move.stopAt : null;
          const change = (one: Trial): Trial =>
            move.kind === 'drop'
              ? { ...one, state: 'dropped' }
              : {
                  ...one,
                  rung: one.rung + 1,
                  state: stopAt === null ? 'done' : 'waiting',
                  result: { step: stopAt ?? 50, value: ((one.index * 7919 + seed) % 101) / 101 },
                };
          now = { ...now, trials: now.trials.map((one) => (touched.includes(one) ? change(one) : one)) };
        }
        expect(now.trials.filter(({ state }) => state === 'done').length).toBeGreaterThanOrEqual(1);
        expect(now.trials.every(({ state }) => state === 'done' || state === 'dropped')).toBe(true);
      }
  });

  it('rungs end at the last step and begin with one step at least', () => {
    expect(rungsOf(8, 2, 80)).toEqual([10, 20, 40, 80]);
    expect(rungsOf(8, 2, 3)).toEqual([1, 3]);
    expect(rungsOf(1, 2, 5)).toEqual([5]);
  });
});

describe('the result', () => {
  it('names the best trial with its interval, and those that cannot be told from it', () => {
    const trials = reached(1, 0.6, 0.8, 0.75, 0.3).map((one): Trial => ({ ...one, state: 'done' }));
    const done = sweep({ trials, held_out: 40 });
    const { best, close, isOver } = summarize(done);
    expect([best?.trial.index, close.map(({ trial }) => trial.index), isOver]).toEqual([1, [2], true]);
    expect(best?.interval?.low).toBeCloseTo(0.652, 2);
    expect(sweepSentences(done).join(' ')).toMatch(
      /^Best: trial 2.*80\.0 % \(95 % interval 65\.\d % to 89\.\d %, 40 pairs\)/,
    );
  });

  it('has no interval for a loss, and none without a result', () => {
    const trials = reached(1, 0.6, 0.4);
    const loss = sweep({ trials, metric: 'eval_loss', greater_is_better: false });
    expect(summarize(loss).best).toMatchObject({ trial: { index: 1 }, interval: null });
    expect(summarize(sweep()).best).toBeNull();
  });
});

describe('sweep.json', () => {
  it('is read as it was written, and refused if it is damaged, newer or missing', async () => {
    const folder = join(await temporaryFolder(), 'sweeps', 'a');
    await createSweep(folder, sweep());
    expect(await readSweep(folder)).toEqual(sweep());
    await expect(createSweep(folder, sweep())).rejects.toMatchObject({ code: 'exists' });
    await writeFile(sweepPaths.sweep(folder), JSON.stringify({ ...sweep(), trials: [{ index: 'x' }] }));
    await expect(readSweep(folder)).rejects.toMatchObject({ code: 'corrupt' });
    await writeFile(sweepPaths.sweep(folder), JSON.stringify({ ...sweep(), version: 99 }));
    await expect(readSweep(folder)).rejects.toMatchObject({ code: 'newer-version' });
    await expect(readSweep(await temporaryFolder())).rejects.toMatchObject({ code: 'not-a-sweep' });
  });
});
