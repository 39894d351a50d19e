/**
 * Exponential moving average with its start corrected: what came before weighs `weight`, and the first values are not
 * drawn to zero (the correction of Adam, Kingma & Ba 2015 §3). Gaps stay gaps.
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  let mean = 0;
  let known = 0;
  return values.map((value) => {
    if (value === null) return null;
    mean = weight * mean + (1 - weight) * value;
    known++;
    return mean / (1 - weight ** known);
  });
}
