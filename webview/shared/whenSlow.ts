/** Shorter waits need no word: they would only flash. */
const slowMs = 300;

/**
 * Waits for work. If it takes longer than a moment, calls `slow(true)`, and `slow(false)` once it has ended.
 *
 * @returns what the work returns; it fails as the work does
 */
export async function whenSlow<T>(work: Promise<T>, slow: (isSlow: boolean) => void): Promise<T> {
  let isTold = false;
  const timer = setTimeout(() => {
    isTold = true;
    slow(true);
  }, slowMs);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    if (isTold) slow(false);
  }
}
