import type { CurveColumns } from '../../run/curves';

/** What the curves say, if they say something a person should know. */
export type Remark =
  /** The loss is no finite number. */
  | { readonly kind: 'diverged' }
  /** The mean margin is below zero. */
  | { readonly kind: 'negative-margin'; readonly margin: number }
  /** Nothing moved yet. */
  | { readonly kind: 'flat' }
  /** Every pair of every batch is right and the loss near zero. */
  | { readonly kind: 'saturated' }
  /** Accuracy on held-out pairs lies well below that on trained ones. */
  | { readonly kind: 'memorises'; readonly train: number; readonly eval: number }
  /** Chosen gets less likely too. `nats`: how far its log-prob fell; `share`: as a part of its size. */
  | { readonly kind: 'both-fall'; readonly nats: number; readonly share: number };

/** Points before a trend is worth a sentence. */
const enough = 8;
/** Before this many points a margin near zero is no news. */
const enoughToBeFlat = 40;
/** Accuracy between trained and held-out pairs that chance does not explain in a few dozen pairs. */
const wideGap = 0.15;

/**
 * The most urgent remark; null where the curves say nothing special. Windows at both ends are a tenth of the points, at
 * least four.
 */
export function remarkOn(curves: CurveColumns): Remark | null {
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

/** A loss that is NaN is missing in its column where the learning rate of the same point is there. */
function diverged({ series }: CurveColumns): boolean {
  const rates = series['learning_rate'];
  const last = rates?.findLastIndex((value) => !Number.isNaN(value)) ?? -1;
  return series['loss']?.includes(Infinity) === true || (last >= 0 && Number.isNaN(series['loss']?.[last] ?? 0));
}

function memorises({ series }: CurveColumns, train: number): Remark | null {
  const held = values(series['eval_rewards/accuracies']).at(-1);
  return held !== undefined && train - held > wideGap ? { kind: 'memorises', train, eval: held } : null;
}

function bothFall({ series }: CurveColumns): Remark | null {
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

function values(column: Float64Array | undefined): number[] {
  return Array.from(column ?? []).filter((value) => !Number.isNaN(value));
}

const window = (column: readonly number[]): number => Math.max(enough / 2, Math.floor(column.length / 10));
const early = (column: readonly number[]): number => mean(column.slice(0, window(column)));
const late = (column: readonly number[]): number => mean(column.slice(-window(column)));

function mean(column: readonly number[]): number {
  return column.length === 0 ? Number.NaN : column.reduce((a, b) => a + b, 0) / column.length;
}
