import type { PairKeys } from './pairKeys';

/** The numbers of a side, as {@link SideReward} has them. */
type SideNumber = 'logp' | 'ref_logp' | 'reward' | 'tokens';

/** The columns of a file of rewards that hold one number for each pair. */
export type ColumnName = 'row' | 'line' | 'label' | 'margin' | `${'chosen' | 'rejected'}.${SideNumber}`;

/** What the column `label` has for pairs, and for judged answers that are good or bad. */
export const labels = { pair: -1, good: 1, bad: 0 } as const;

/** Whole numbers are stored as 32 bits, others as 64. */
export type ColumnNumbers = Float64Array | Int32Array;

/** The columns of whole numbers. */
const whole: ReadonlySet<ColumnName> = new Set(['row', 'line', 'label', 'chosen.tokens', 'rejected.tokens']);

/** All columns, in the order of a file. */
export const columnNames: readonly ColumnName[] = [
  'row',
  'line',
  'label',
  'margin',
  'chosen.logp',
  'chosen.ref_logp',
  'chosen.reward',
  'chosen.tokens',
  'rejected.logp',
  'rejected.ref_logp',
  'rejected.reward',
  'rejected.tokens',
];

export function isWhole(name: ColumnName): boolean {
  return whole.has(name);
}

/** A few pairs of a file. */
export interface PickedPairs {
  readonly keys: PairKeys;
  readonly columns: readonly ColumnNumbers[];
}

/** The rewards of a file by column. A column has one number for each pair, in the order of the file. */
export interface RewardColumns {
  /** The number of pairs. */
  readonly count: number;
  column(name: ColumnName): Promise<ColumnNumbers>;
  /** The keys of the pairs. */
  keys(): Promise<PairKeys>;
  /** Equal for equal keys in the same order, see {@link PairKeys.digest}. */
  keyDigest(): Promise<string>;
  /** The keys and the numbers of a few pairs, in the order of their places; the numbers by column. */
  pick(places: readonly number[], names: readonly ColumnName[]): Promise<PickedPairs>;
}
