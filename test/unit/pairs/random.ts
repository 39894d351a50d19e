/** Numbers in [0, 1) from a seed (mulberry32), for property tests that print their seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function integer(random: () => number, below: number): number {
  return Math.floor(random() * below);
}

export function pick<T>(random: () => number, list: readonly T[]): T {
  const item = list[integer(random, list.length)];
  if (item === undefined) throw new Error('pick from an empty list');
  return item;
}
