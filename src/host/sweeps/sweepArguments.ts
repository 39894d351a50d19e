import type { SweepMethod } from '../../run/sweep/types';

/** What the person typed. */
export interface SweepAnswers {
  readonly method: SweepMethod;
  /** `KEY=VALUE,VALUE` or `KEY=LOW..HIGH`, separated by spaces. */
  readonly axes: string;
  readonly count: string;
  /** Minutes; empty: no limit. */
  readonly budget: string;
}

/** The arguments of `margin sweep`. */
export function sweepArguments(config: string, { method, axes, count, budget }: SweepAnswers): readonly string[] {
  const words = axes.trim().split(/\s+/);
  return [
    config,
    ...words.flatMap((axis) => [axis.includes('..') ? '--range' : '--grid', axis]),
    ...(method === 'grid' ? [] : ['--random', count.trim()]),
    ...(method === 'halving' ? ['--halving'] : []),
    ...(budget.trim() === '' ? [] : ['--budget', budget.trim()]),
  ];
}
