import type { TokenizedPair } from '../../../../src/engine/types';
import type { TrainConfig } from '../../../../src/run/types';
import type { Measured, Phase, Plan } from '../../../../src/train/estimate/types';
import { integer } from '../../pairs/random';
import { runConfig } from '../../run/samples';

export const trainConfig = (change: Partial<TrainConfig> = {}): TrainConfig => ({ ...runConfig().config, ...change });

/** Pairs of any lengths, whose answers often begin alike. */
export function randomPairs(random: () => number, count: number, longest: number): TokenizedPair[] {
  const ids = (length: number): number[] => Array.from({ length }, () => integer(random, 3));
  return Array.from({ length: count }, () => ({
    prompt: ids(1 + integer(random, longest)),
    chosen: ids(integer(random, longest)),
    rejected: ids(integer(random, longest)),
  }));
}

export const gigabyte = 1e9;

/** 100 steps of 8 pairs; loads are in units of a pair's. */
export function plan(change: Partial<Plan> = {}): Plan {
  return {
    rows: 800,
    heldOut: 0,
    steps: 100,
    microBatches: 100,
    tokens: 80_000,
    rowTokens: 80_000,
    heldOutTokens: 0,
    light: { pairs: 1, tokens: 100, load: 1 },
    typical: { pairs: 8, tokens: 800, load: 8 },
    heavy: { pairs: 8, tokens: 1600, load: 16 },
    scored: { pairs: 8, tokens: 1600, load: 16 },
    smaller: [
      { size: 4, load: 9 },
      { size: 2, load: 5 },
      { size: 1, load: 3 },
    ],
    larger: [
      { size: 16, load: 30 },
      { size: 32, load: 58 },
    ],
    shorter: [
      { maxLength: 512, load: 12, loadOfOne: 2, cut: 12, leftOut: 0 },
      { maxLength: 256, load: 6, loadOfOne: 1, cut: 300, leftOut: 7 },
    ],
    first: [{ row: 6, line: 7, prompt: 10, chosen: 5, rejected: 4 }],
    ...change,
  };
}

/**
 * A dry run in which a step has 1 GB and 0.5 GB for each unit of load, and all else 1 GB. `until` is the phase in which
 * it ended.
 */
export function measured(
  ended: Measured['ended'] = 'done',
  change: Partial<Plan> = {},
  until: Phase = 'answering',
): Measured {
  const planned = plan(change);
  const order: readonly Phase[] = ['open', 'scoring', 'light', 'typical', 'heavy', 'answering'];
  const loads: Partial<Record<Phase, number>> = {
    light: planned.light.load,
    typical: planned.typical.load,
    heavy: planned.heavy.load,
  };
  const seconds: Readonly<Record<Phase, number>> = {
    open: 3,
    light: 0.2,
    typical: 0.8,
    heavy: 1.6,
    scoring: 0.4,
    answering: 5,
  };
  const last = order.indexOf(until);
  const phases = order.slice(0, last + 1).map(
    (phase, i) =>
      [
        phase,
        {
          seconds: i < last || ended === 'done' ? seconds[phase] : null,
          own: (1 + (loads[phase] ?? 0) / 2) * gigabyte,
        },
      ] as const,
  );
  return { ended, plan: planned, phases: Object.fromEntries(phases) };
}
