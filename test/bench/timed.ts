import { at } from '../../src/base/pure/must';

/** How often each short measurement is taken; the median counts. */
export const rounds = 3;

/** Milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** The median of {@link rounds} measurements. */
export async function median(measure: () => Promise<number>): Promise<number> {
  const times = [];
  for (let round = 0; round < rounds; round++) times.push(await measure());
  return at(
    times.sort((a, b) => a - b),
    rounds >> 1,
  );
}
