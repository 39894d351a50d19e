/**
 * A seed for the dropout masks: different for each micro-batch of each step, and the same again in a resumed run. A
 * 32-bit hash with MurmurHash3's constants.
 */
export function dropoutSeed(seed: number, step: number, part: number): number {
  const mixed = Math.imul(seed, 0xcc9e2d51) ^ Math.imul(step, 0x85ebca6b) ^ Math.imul(part + 1, 0xc2b2ae35);
  return Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b) >>> 0;
}
