/** Numbers in [−1, 1), exact in f32, from a name. `test/peer/models/weights.py` makes the same numbers. */
function uniform(name: string, count: number): Float32Array {
  let state = 0x811c9dc5;
  for (const byte of Buffer.from(name)) state = Math.imul(state ^ byte, 0x01000193) >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 23 - 1;
  });
}

/** Matrices keep the scale of their input. Vectors vary by a fifth around 0, or around 1 for the gains of norms. */
export function seededWeight(name: string, shape: readonly number[], aroundOne: boolean): Float32Array {
  const values = uniform(
    name,
    shape.reduce((product, size) => product * size, 1),
  );
  const factor = Math.fround(shape.length === 1 ? 0.2 : Math.sqrt(3 / Math.min(...shape)));
  return values.map((value) => Math.fround(value * factor) + (shape.length === 1 && aroundOne ? 1 : 0));
}

/** The norm of a gradient, and its product with a direction that depends on its name. */
export function digest(name: string, gradient: Float32Array): [norm: number, along: number] {
  const direction = uniform(name, gradient.length);
  const sum = (of: (value: number, i: number) => number): number =>
    gradient.reduce((total, value, i) => total + of(value, i), 0);
  return [Math.sqrt(sum((value) => value * value)), sum((value, i) => value * (direction[i] ?? 0))];
}
