import { at } from '../../base/pure/must';
import type { Sweep, Trial } from './types';

/** What a sweep does next. */
export type SweepMove =
  /** Train a trial up to a step; null: to the end of its run. */
  | { readonly kind: 'train'; readonly trial: Trial; readonly stopAt: number | null }
  /** Drop trials, and let the others go on. */
  | { readonly kind: 'drop'; readonly trials: readonly Trial[] }
  | { readonly kind: 'end' };

/**
 * The steps at which successive halving (Jamieson and Talwalkar 2016) compares trials: so many that one trial is left
 * at the end, each `eta` times the one before, the last being the end of a run. The first has a step at least.
 */
export function rungsOf(trials: number, eta: number, maxSteps: number): number[] {
  const wanted = Math.max(1, Math.ceil(Math.log(trials) / Math.log(eta) - 1e-9) + 1);
  const possible = Math.floor(Math.log(maxSteps) / Math.log(eta) + 1e-9) + 1;
  const count = Math.min(wanted, possible);
  const first = Math.max(1, Math.floor(maxSteps / eta ** (count - 1)));
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? maxSteps : first * eta ** i));
}

/** The next move of a sweep. A trial that runs already goes first. */
export function nextMove(sweep: Sweep): SweepMove {
  const running = sweep.trials.find(({ state }) => state === 'running');
  if (running) return train(sweep, running);
  const waiting = sweep.trials.filter(({ state }) => state === 'waiting');
  if (waiting.length === 0) return { kind: 'end' };
  if (sweep.method !== 'halving') return train(sweep, at(waiting, 0));
  const rung = Math.min(...waiting.map((trial) => trial.rung));
  const behind = waiting.find((trial) => trial.rung === rung);
  // All that wait have reached the same rung, so they are compared before one goes on.
  const isLevel = rung > 0 && waiting.every((trial) => trial.rung === rung);
  const dropped = isLevel ? worst(sweep, waiting, rung) : [];
  if (dropped.length > 0) return { kind: 'drop', trials: dropped };
  return behind ? train(sweep, behind) : { kind: 'end' };
}

function train({ method, rungs }: Sweep, trial: Trial): SweepMove {
  const isLast = method !== 'halving' || trial.rung >= rungs.length - 1;
  return { kind: 'train', trial, stopAt: isLast ? null : at(rungs, trial.rung) };
}

/** The trials at a rung that do not go on. Of those that reached it first, one in `eta` does, and one at least. */
function worst(sweep: Sweep, waiting: readonly Trial[], rung: number): readonly Trial[] {
  const reached = sweep.trials.filter((trial) => trial.rung >= rung).length;
  const kept = Math.max(1, Math.ceil(reached / sweep.eta - 1e-9));
  return byValue(sweep, waiting).slice(kept);
}

/** Trials with the best value first; those without a value, or with one that is no number, come last. */
export function byValue<One extends Trial>(
  { greater_is_better: greater }: Pick<Sweep, 'greater_is_better'>,
  trials: readonly One[],
): One[] {
  const loss = ({ result }: Trial): number =>
    result === null || Number.isNaN(result.value) ? Infinity : greater ? -result.value : result.value;
  return trials.toSorted((a, b) => {
    const [x, y] = [loss(a), loss(b)];
    return x === y ? a.index - b.index : x - y;
  });
}
