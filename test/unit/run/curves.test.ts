import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { CurveStore } from '../../../src/run/curves';
import type { RunEvent } from '../../../src/run/types';
import { trainEvent } from './samples';

function store(...events: readonly RunEvent[]): CurveStore {
  const curves = new CurveStore();
  curves.add(events);
  return curves;
}

const all = (curves: CurveStore): { steps: number[]; loss: number[] } => {
  const { steps, series } = curves.thin(1e6, Infinity);
  return { steps: [...steps], loss: [...(series['loss'] ?? [])] };
};

describe('curves', () => {
  it('put train and eval points of a step into one column, with NaN for a metric without a value', () => {
    const curves = store(
      trainEvent(1, { loss: 0.7, epoch: 0.1 }),
      trainEvent(2, { loss: 0.6, epoch: 0.2 }),
      { t: 1, step: 2, kind: 'eval', metrics: { eval_loss: 0.65, epoch: 0.2 } },
      trainEvent(3, { loss: 0.5, epoch: 0.3 }),
    );
    const { steps, series, lastStep } = curves.thin(100);
    expect([...steps]).toEqual([1, 2, 3]);
    expect([...(series['loss'] ?? [])]).toEqual([0.7, 0.6, 0.5]);
    expect([...(series['eval_loss'] ?? [])]).toEqual([NaN, 0.65, NaN]);
    expect(lastStep).toBe(3);
  });

  it('are not changed by events of other kinds', () => {
    const curves = store(trainEvent(1, { loss: 1 }));
    expect(curves.add([{ t: 1, step: 9, kind: 'note', message: 'x' }])).toBe(false);
    expect(all(curves).steps).toEqual([1]);
  });

  it('have each step once after a resume from step 4, with the newest values', () => {
    const killed = [1, 2, 3, 4, 5, 6, 7].map((step) => trainEvent(step, { loss: step }));
    const resumed = [5, 6, 7, 8].map((step) => trainEvent(step, { loss: 100 + step }));
    expect(all(store(...killed, ...resumed))).toEqual({
      steps: [1, 2, 3, 4, 5, 6, 7, 8],
      loss: [1, 2, 3, 4, 105, 106, 107, 108],
    });
  });

  it('drop the points of the killed run after those of the resumed run', () => {
    const killed = [2, 4, 6, 8].map((step) => trainEvent(step, { loss: step }));
    expect(all(store(...killed, trainEvent(5, { loss: 55 })))).toEqual({ steps: [2, 4, 5], loss: [2, 4, 55] });
  });

  it('replace the last step if a resumed run records it again, and drop its old evaluation', () => {
    const curves = store(
      trainEvent(5, { loss: 1 }),
      { t: 1, step: 5, kind: 'eval', metrics: { eval_loss: 9 } },
      trainEvent(5, { loss: 2 }),
    );
    expect(all(curves)).toEqual({ steps: [5], loss: [2] });
    expect([...(curves.thin(10).series['eval_loss'] ?? [])]).toEqual([NaN]);
  });

  it('keep a series that starts late aligned with the steps', () => {
    const curves = store(trainEvent(1, { loss: 1 }), trainEvent(2, { loss: 2, entropy: 5 }));
    expect([...(curves.thin(10).series['entropy'] ?? [])]).toEqual([NaN, 5]);
  });
});

describe('thinning', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'keeps the first and last point, and the extremes of each bucket and series (seed %i)',
    (seed) => {
      const random = seededRandom(seed);
      const count = 200 + Math.floor(random() * 5000);
      const width = 1 + Math.floor(random() * 300);
      const events = Array.from({ length: count }, (_, i) =>
        trainEvent(2 * i + 1, {
          loss: random() < 0.01 ? 50 * random() : random(),
          ...(random() < 0.2 ? { sparse: random() } : {}),
          flat: 1,
        }),
      );
      const curves = store(...events);
      const full = curves.thin(1e6, Infinity);
      const thin = curves.thin(width, Infinity);
      const place = new Map([...full.steps].map((step, index) => [step, index]));

      expect(thin.steps[0]).toBe(full.steps[0]);
      expect(thin.steps.at(-1)).toBe(full.steps.at(-1));
      expect([...thin.steps].every((step, i) => i === 0 || step > (thin.steps[i - 1] ?? Infinity))).toBe(true);
      expect(thin.steps.length).toBeLessThanOrEqual(Math.max(2 * width * 3 + 2, 2));
      for (const [name, column] of Object.entries(full.series)) {
        const kept = thin.series[name] ?? new Float64Array();
        thin.steps.forEach((step, i) => expect(kept[i]).toEqual(column[place.get(step) ?? -1]));
        for (let bucket = 0; bucket < width; bucket++) {
          const values = [
            ...column.subarray(Math.floor((bucket * count) / width), Math.floor(((bucket + 1) * count) / width)),
          ].filter((value) => !Number.isNaN(value));
          if (values.length === 0) continue;
          const inKept = new Set(kept);
          expect(inKept.has(Math.min(...values)), `${name}, bucket ${bucket}: smallest`).toBe(true);
          expect(inKept.has(Math.max(...values)), `${name}, bucket ${bucket}: largest`).toBe(true);
        }
      }
    },
  );

  it('stays below the limit on numbers, and keeps the extremes of the whole run', () => {
    const random = seededRandom(11);
    const names = Array.from({ length: 15 }, (_, i) => `metric${i}`);
    const curves = store(
      ...Array.from({ length: 20_000 }, (_, i) =>
        trainEvent(i, Object.fromEntries(names.map((name) => [name, random()]))),
      ),
    );
    const thin = curves.thin(1500);
    expect(thin.steps.length * 16).toBeLessThanOrEqual(24_000);
    const full = curves.thin(1e6, Infinity).series['metric3'] ?? new Float64Array();
    expect(Math.max(...(thin.series['metric3'] ?? []))).toBe(Math.max(...full));
  });
});

describe('the time of a point', () => {
  const timed = (...times: readonly number[]): number[] => {
    const events = times.map((t, i): RunEvent => ({ t, step: i + 1, kind: 'train', metrics: { loss: 1 } }));
    return [...store(...events).columns().times];
  };

  it('counts seconds since the first point', () => {
    expect(timed(5000, 6000, 9500)).toEqual([0, 1, 4.5]);
  });

  it('stands still while the clock jumps back, and goes on with it', () => {
    expect(timed(100_000, 101_000, 41_000, 43_000, 44_000)).toEqual([0, 1, 1, 3, 4]);
  });

  it('never goes back after a resume either', () => {
    const at = (t: number, step: number): RunEvent => ({ t, step, kind: 'train', metrics: { loss: 1 } });
    const curves = store(at(1000, 1), at(2000, 2), at(3000, 3), at(500, 2), at(700, 3));
    expect([...curves.columns().times]).toEqual([0, 0, 0.2]);
  });
});

describe('numbers that are not finite', () => {
  const curves = store(
    trainEvent(1, { loss: 1, entropy: 2 }),
    trainEvent(2, { loss: NaN, entropy: Infinity }),
    trainEvent(3, { entropy: -Infinity }),
  );

  it('stay as they are, and a logged NaN differs from a missing value', () => {
    const { series, notNumbers } = curves.page(0, 9, ['loss', 'entropy']);
    expect([...(series['loss'] ?? [])]).toEqual([1, NaN, NaN]);
    expect([...(series['entropy'] ?? [])]).toEqual([2, Infinity, -Infinity]);
    expect(notNumbers).toEqual({ loss: Float64Array.of(2) });
  });

  it('are forgotten with the points of a killed run', () => {
    const resumed = store(trainEvent(1, { loss: 1 }), trainEvent(2, { loss: NaN }), trainEvent(1, { loss: 1 }));
    expect(resumed.notNumberSteps().get('loss')).toEqual([]);
  });
});

describe('pages of points', () => {
  it('have all points, and the generation changes when earlier ones are replaced', () => {
    const curves = store(...[1, 2, 3, 4, 5].map((step) => trainEvent(step, { loss: step })));
    const [first, second] = [curves.page(0, 3, ['loss', 'other']), curves.page(3, 3, ['loss'])];
    expect([...first.steps, ...second.steps]).toEqual([1, 2, 3, 4, 5]);
    expect([first.length, first.from, second.from]).toEqual([5, 0, 3]);
    expect(Object.keys(first.series)).toEqual(['loss']);
    curves.add([trainEvent(3, { loss: 30 })]);
    expect(curves.page(0, 9, ['loss']).generation).toBeGreaterThan(first.generation);
  });
});
