import { describe, expect, it } from 'vitest';
import { beyondBounds } from '../../../src/base/pure/jsonBounds';
import { seededRandom } from '../../../src/base/pure/seededRandom';

const wide = { depth: 1000, containers: 1_000_000 };

describe('the bounds of a JSON text', () => {
  it.each([
    ['[[]]', 1, 9, 'it nests deeper than 1 levels'],
    ['[[]]', 2, 9, null],
    ['[[],{}]', 2, 2, 'it has more than 2 lists and objects'],
    ['["[[[[", "\\"[[[", "\\\\"]', 1, 1, null],
    ['["never ends [[', 1, 1, null],
  ])('%s with depth %d and %d containers: %s', (json, depth, containers, reason) => {
    expect(beyondBounds(json, { depth, containers })).toBe(reason);
  });

  it('count the lists and objects of the parsed value, and no brackets inside strings', () => {
    const seed = Math.floor(Math.random() * 1e9);
    const random = seededRandom(seed);
    for (let round = 0; round < 300; round++) {
      const value = drawn(random, 5);
      const json = JSON.stringify(value);
      const depth = depthOf(value);
      const message = `seed ${seed}, round ${round}: ${json}`;
      expect(beyondBounds(json, { ...wide, depth }), message).toBeNull();
      if (depth > 0) expect(beyondBounds(json, { ...wide, depth: depth - 1 }), message).not.toBeNull();
    }
  });
});

function drawn(random: () => number, room: number): unknown {
  const kind = Math.floor(random() * (room > 0 ? 4 : 2));
  if (kind === 0) return Math.floor(random() * 9);
  if (kind === 1)
    return Array.from({ length: Math.floor(random() * 8) }, () => '[]{}"\\,: '[Math.floor(random() * 9)]).join('');
  const items = Array.from({ length: Math.floor(random() * 4) }, () => drawn(random, room - 1));
  return kind === 2 ? items : Object.fromEntries(items.map((item, i) => [`k"[${i}`, item]));
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
