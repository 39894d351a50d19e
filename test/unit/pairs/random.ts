export function integer(random: () => number, below: number): number {
  return Math.floor(random() * below);
}

export function pick<T>(random: () => number, list: readonly T[]): T {
  const item = list[integer(random, list.length)];
  if (item === undefined) throw new Error('pick from an empty list');
  return item;
}
