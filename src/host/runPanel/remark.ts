import { at } from '../../base/pure/must';
import type { CurveColumns } from '../../run/curves';

/** Something in the curves that a person should know. */
export type CurveRemark =
  /** The loss is infinite or NaN. */
  | { readonly kind: 'diverged' }
  /** The mean margin is below zero. */
  | { readonly kind: 'negative-margin'; readonly margin: number }
  /** The margin has not moved yet. */
  | { readonly kind: 'flat' }
  /** The accuracy is 1 and the loss is near zero. */
  | { readonly kind: 'saturated' }
  /** The accuracy on held-out pairs is well below that on trained pairs. */
  | { readonly kind: 'memorises'; readonly train: number; readonly eval: number }
  /** Chosen answers become less likely too. `nats`: fall of their log-prob; `share`: the fall divided by its start. */
  | { readonly kind: 'both-fall'; readonly nats: number; readonly share: number };

/** The fewest points that show a trend. */
const enough = 8;
/** Fewest points after which a margin near zero is remarkable. */
const enoughToBeFlat = 40;
/** Gap in accuracy between trained and held-out pairs that chance does not explain for a few dozen pairs. */
const wideGap = 0.15;

/**
 * The most urgent remark on some curves; null if there is none. Trends compare the mean of the first tenth of the
 * points with that of the last tenth, of at least four points each.
 */
export function remarkOn(curves: CurveColumns): CurveRemark | null {
  const { series } = curves;
  const loss = values(series['loss']);
  if (diverged(curves)) return { kind: 'diverged' };
  const margins = values(series['rewards/margins']);
  if (margins.length < enough) return null;
  const margin = late(margins);
  const accuracy = late(values(series['rewards/accuracies']));
  if (margin < 0) return { kind: 'negative-margin', margin };
  if (margins.length >= enoughToBeFlat && margins.every((value) => Math.abs(value) < 0.01)) return { kind: 'flat' };
  return (
    memorises(curves, accuracy) ?? (accuracy >= 0.999 && late(loss) < 0.05 ? { kind: 'saturated' } : bothFall(curves))
  );
}

/** Whether the loss is infinite, or missing at the last point that has a learning rate: a NaN is stored as missing. */
function diverged({ series }: CurveColumns): boolean {
  const { learning_rate: rates, loss } = series;
  if (rates === undefined || loss === undefined) return false;
  const last = rates.findLastIndex((value) => !Number.isNaN(value));
  return loss.includes(Infinity) || (last >= 0 && Number.isNaN(at(loss, last)));
}

function memorises({ series }: CurveColumns, train: number): CurveRemark | null {
  const held = values(series['eval_rewards/accuracies']).at(-1);
  return held !== undefined && train - held > wideGap ? { kind: 'memorises', train, eval: held } : null;
}

function bothFall({ series }: CurveColumns): CurveRemark | null {
  const falls = (name: string): boolean => {
    const column = values(series[name]);
    return late(column) < 0 && late(column) < early(column);
  };
  const margins = values(series['rewards/margins']);
  if (!falls('rewards/chosen') || !falls('rewards/rejected') || late(margins) <= early(margins)) return null;
  const logps = values(series['logps/chosen']);
  const nats = early(logps) - late(logps);
  return { kind: 'both-fall', nats: Math.max(0, nats), share: Math.max(0, nats / Math.abs(early(logps))) };
}

/** The values of a column without gaps; none if the run does not log that metric. */
function values(column: Float64Array | undefined): number[] {
  return column === undefined ? [] : Array.from(column).filter((value) => !Number.isNaN(value));
}

const window = (column: readonly number[]): number => Math.max(enough / 2, Math.floor(column.length / 10));
const early = (column: readonly number[]): number => mean(column.slice(0, window(column)));
const late = (column: readonly number[]): number => mean(column.slice(-window(column)));

function mean(column: readonly number[]): number {
  return column.length === 0 ? Number.NaN : column.reduce((a, b) => a + b, 0) / column.length;
}
