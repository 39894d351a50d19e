import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { floatToBfloat, floatToHalf, halfToFloat } from '../../../src/model/halfFloat';

const halves = Array.from({ length: 1 << 16 }, (_, half) => half).filter((half) => ((half >> 10) & 31) !== 31);

describe('a number of 16 bits', () => {
  it('is the same after conversion to f32 and back, for every half', () => {
    expect(halves.filter((half) => floatToHalf(halfToFloat(half)) !== half)).toEqual([]);
  });

  it('rounds to the nearest half, ties to even', () => {
    const positive = halves.filter((half) => half < 0x8000);
    const wrong = positive.slice(0, -1).filter((half) => {
      const [below, above] = [halfToFloat(half), halfToFloat(half + 1)];
      const middle = (below + above) / 2;
      const even = half % 2 === 0 ? half : half + 1;
      const quarter = (above - below) / 4;
      return (
        floatToHalf(middle) !== even ||
        floatToHalf(-middle) !== (even | 0x8000) ||
        floatToHalf(middle - quarter) !== half ||
        floatToHalf(middle + quarter) !== half + 1
      );
    });
    expect(wrong).toEqual([]);
  });

  it.each([
    [65_504, 0x7bff],
    [65_519.996, 0x7bff],
    [65_520, 0x7c00],
    [-Infinity, 0xfc00],
    [NaN, 0x7e00],
    [2 ** -25, 0],
    [2 ** -25 * 1.0001, 1],
  ])('%d is the half %d', (value, half) => expect(floatToHalf(value)).toBe(half));

  it('rounds to the nearest bfloat16, ties to even', () => {
    const seed = 7;
    const random = seededRandom(seed);
    const word = new DataView(new ArrayBuffer(4));
    const valueOf = (upper: number): number => {
      word.setUint32(0, upper << 16);
      return word.getFloat32(0);
    };
    for (let i = 0; i < 20_000; i++) {
      // Below the largest finite one, which has no neighbour above.
      const upper = Math.floor(random() * 0x7f7f);
      const middle = (valueOf(upper) + valueOf(upper + 1)) / 2;
      expect(floatToBfloat(valueOf(upper)), `seed ${seed}`).toBe(upper);
      expect(floatToBfloat(middle), `seed ${seed}`).toBe(upper % 2 === 0 ? upper : upper + 1);
    }
    expect([floatToBfloat(Infinity), floatToBfloat(-Infinity), floatToBfloat(NaN) & 0x7fc0]).toEqual([
      0x7f80, 0xff80, 0x7fc0,
    ]);
  });
});
