import { describe, expect, it } from 'vitest';
import { TokenDrawer } from '../../../src/engine/tokenDrawer';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import type { Sampling } from '../../../src/engine/types';

const all: Sampling = { temperature: 1, topK: 0, topP: 1, seed: 0 };
/** Probabilities 0.4, 0.1, 0.3 and 0.2. */
const logits = Float32Array.of(0.4, 0.1, 0.3, 0.2).map(Math.log);

/** The share of each id in 4,000 draws. */
function drawn(given: Float32Array, sampling: Sampling): number[] {
  const random = seededRandom(7);
  const drawer = new TokenDrawer(sampling);
  const counts = Array.from(given, () => 0);
  for (let i = 0; i < 4000; i++) {
    const id = drawer.draw(given, random);
    counts[id] = (counts[id] ?? 0) + 1;
  }
  return counts.map((count) => count / 4000);
}

describe('a token is', () => {
  it('the first of the most likely ones without sampling', () => {
    expect(new TokenDrawer(undefined).draw(Float32Array.of(-3, 5, 5, 1), () => 0.99)).toBe(1);
  });

  it.each([
    ['as often as its probability', {}, [0.4, 0.1, 0.3, 0.2]],
    ['with sharper probabilities at a low temperature', { temperature: 0.5 }, [16 / 30, 1 / 30, 9 / 30, 4 / 30]],
    ['from the top_k most likely tokens', { topK: 2 }, [4 / 7, 0, 3 / 7, 0]],
    ['from all tokens if top_k is larger than the vocabulary', { topK: 9 }, [0.4, 0.1, 0.3, 0.2]],
    ['from the smallest set that reaches top_p', { topP: 0.65 }, [4 / 7, 0, 3 / 7, 0]],
    ['from the set that reaches top_p exactly', { topP: 0.4 }, [1, 0, 0, 0]],
    ['as the most likely one at top_p 0', { topP: 0 }, [1, 0, 0, 0]],
    ['by top_k first, and top_p of the rest', { topK: 2, topP: 0.6 }, [4 / 7, 0, 3 / 7, 0]],
    ['by top_k only if top_p would leave more', { topK: 1, topP: 0.9 }, [1, 0, 0, 0]],
  ])('drawn %s', (_, sampling, expected) => {
    drawn(logits, { ...all, ...sampling }).forEach((share, id) => {
      if (expected[id] === 0) expect(share, `id ${id}`).toBe(0);
      // Five deviations of a share of 4,000 draws.
      else expect(Math.abs(share - (expected[id] ?? 0)), `id ${id}: ${share}`).toBeLessThan(5 * Math.sqrt(0.25 / 4000));
    });
  });

  it('drawn from new logits each time, also of another vocabulary', () => {
    const drawer = new TokenDrawer(all);
    /** Two tokens are as likely as each other, and a draw of 0.9 gives the second. */
    const second = (length: number, ids: readonly number[]): number =>
      drawer.draw(
        Float32Array.from({ length }, (_, id) => (ids.includes(id) ? 0 : -Infinity)),
        () => 0.9,
      );
    expect([second(4, [0, 3]), second(4, [1, 2]), second(6, [4, 5]), second(4, [0, 1])]).toEqual([3, 2, 5, 1]);
  });

  it('never one with a logit of −∞', () => {
    expect(drawn(Float32Array.of(-Infinity, 0, -Infinity), all)).toEqual([0, 1, 0]);
  });

  it('kept if it ties with the last of top_k, as in transformers', () => {
    expect(drawn(Float32Array.of(1, 0, 0, -1), { ...all, topK: 2 }).map((share) => share > 0)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});
