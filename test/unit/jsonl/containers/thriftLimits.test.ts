import { describe, expect, it } from 'vitest';
import { checkThrift } from '../../../../src/jsonl/node/containers/thriftLimits';

const check = (...bytes: readonly number[]): (() => void) => {
  return () => checkThrift(Uint8Array.from(bytes));
};
/** A field of the type list, whose items have this type; 15 says that the number of items follows. */
const list = (type: number, items = 15): number[] => [0x19, (items << 4) | type];
const [binary, lists, structs, stop] = [8, 9, 12, 0];

describe('the footer of a Parquet file', () => {
  it('is read if its lists have as many items as they say', () => {
    // A number, a text of two bytes, a list of three bytes, a list of a struct with a number, and a flag.
    const fields = [
      0x15,
      0x80,
      0x01,
      0x18,
      2,
      65,
      66,
      ...list(3, 3),
      1,
      2,
      3,
      ...list(structs, 1),
      0x15,
      2,
      stop,
      0x11,
    ];
    expect(check(...fields, stop)).not.toThrow();
    expect(check(...fields)).toThrow('it ends early');
  });

  it('is refused if a list or a text is longer than the footer', () => {
    expect(check(...list(3), 0xff, 0xff, 0xff, 0x0f, stop)).toThrow('a list says that it has 33554431 items');
    expect(check(0x18, 0x7f, 65, stop)).toThrow('it ends early');
    expect(check(...list(binary, 2), 0, 9, stop)).toThrow('it ends early');
  });

  it('is refused if it is nested deep, as lists or as structs', () => {
    const deepLists = Array.from({ length: 40 }, () => (1 << 4) | lists);
    expect(check(0x19, ...deepLists, stop)).toThrow('nested more than 32 deep');
    expect(check(...Array.from({ length: 40 }, () => 0x1c))).toThrow('nested more than 32 deep');
  });

  it('is refused if it has too many values, long numbers, or an unknown type', () => {
    const many = new Uint8Array(6 + (1 << 23) + 2);
    many.set([...list(structs), 0x81, 0x80, 0x80, 0x04]);
    expect(() => checkThrift(many)).toThrow('it has more than 8388608 values');
    expect(check(0x16, ...Array.from({ length: 11 }, () => 0x80), 0)).toThrow('a number has more than 10 bytes');
    expect(check(0x1b, 0)).toThrow('the unknown type 11');
  });
});
