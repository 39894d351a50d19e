/** The 97.5 % quantile of the normal distribution, for an interval of 95 %. */
export const quantile = 1.959964;

/** A share with its 95 % interval. */
export interface Proportion {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** The share of hits, with its interval by Wilson (1927). @param of at least 1 */
export function proportion(hits: number, of: number): Proportion {
  const share = hits / of;
  const square = quantile ** 2;
  const middle = (share + square / (2 * of)) / (1 + square / of);
  const half = (quantile / (1 + square / of)) * Math.sqrt((share * (1 - share)) / of + square / (4 * of ** 2));
  return { share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
