/**
 * The exponential moving average of a line, with the bias correction of Adam (Kingma & Ba 2015 §3), so that the first
 * values are not pulled towards zero.
 *
 * @param values finite numbers
 * @param weight weight of the earlier points, from 0 to below 1
 */
export function smooth(values: Float64Array, weight: number): Float64Array {
  const smoothed = new Float64Array(values.length);
  let mean = 0;
  /** Weight to the power of the count of points. */
  let left = 1;
  for (let i = 0; i < values.length; i++) {
    mean = weight * mean + (1 - weight) * (values[i] as number);
    left *= weight;
    smoothed[i] = mean / (1 - left);
  }
  return smoothed;
}
