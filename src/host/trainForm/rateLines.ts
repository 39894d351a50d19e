import type { RateState, RateStep } from '../../protocol/rateTest';

/** What `margin train --find_lr --json` prints: a line a step, and one with the result or why there is none. */
type Printed =
  | { readonly step: number; readonly learning_rate: number; readonly loss: number; readonly smoothed: number }
  | {
      readonly rates: {
        readonly suggested: number | null;
        readonly steepest: number | null;
        readonly tenth_of_minimum: number | null;
      };
      readonly notes: readonly string[];
    }
  | { readonly error: { readonly message: string } };

/** Reads a line of the test. @param points the steps before it. @returns a step, or how the test ended */
export function readRateLine(line: string, points: readonly RateStep[]): RateStep | RateState {
  const printed = JSON.parse(line) as Printed;
  if ('error' in printed) return { kind: 'failed', message: printed.error.message };
  if ('rates' in printed) {
    const { suggested, steepest, tenth_of_minimum: tenth } = printed.rates;
    return { kind: 'done', points, suggested, steepest, tenth, notes: printed.notes };
  }
  const { step, learning_rate: rate, loss, smoothed } = printed;
  return { step, rate, loss, smoothed };
}
