/**
 * The exponential moving average of a line, with the bias correction of Adam (Kingma & Ba 2015 §3), so that the first
 * values are not pulled towards zero. Gaps (null) stay gaps.
 *
 * @param weight weight of the earlier points, from 0 to below 1
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  let mean = 0;
  let count = 0;
  return values.map((value) => {
    if (value === null) return null;
    mean = weight * mean + (1 - weight) * value;
    count++;
    return mean / (1 - weight ** count);
  });
}
