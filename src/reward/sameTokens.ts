/** Whether two answers have the same tokens, so that no loss can prefer one of them. */
export function sameIds(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}
