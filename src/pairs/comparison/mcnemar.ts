/**
 * McNemar's exact test: how likely it is that two equally good models differ this much. Only pairs on which exactly
 * one of the two is right count. Equally good models would each be right on half of these, so the number is binomial.
 *
 * McNemar (1947), "Note on the sampling error of the difference between correlated proportions or percentages".
 *
 * @param onlyFirst the number of pairs on which only the first model is right
 * @param onlySecond the number of pairs on which only the second one is
 * @returns the two-sided p-value, at most 1
 */
export function mcnemar(onlyFirst: number, onlySecond: number): number {
  const trials = onlyFirst + onlySecond;
  const fewer = Math.min(onlyFirst, onlySecond);
  // The logarithm of C(n, i) / 2ⁿ, because 2ⁿ overflows from n = 1024 on.
  let term = -trials * Math.LN2;
  let tail = Math.exp(term);
  for (let i = 1; i <= fewer; i++) {
    term += Math.log((trials - i + 1) / i);
    tail += Math.exp(term);
  }
  return Math.min(1, 2 * tail);
}
