/** The bin under a point of the histogram. @param share the point's distance from the left edge, from 0 to 1 */
export function binAt(share: number, bins: number): number {
  return Math.min(bins - 1, Math.max(0, Math.floor(share * bins)));
}
