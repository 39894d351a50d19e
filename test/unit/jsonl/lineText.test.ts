import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { lineBytes, lineText, utf8Slices } from '../../../src/jsonl/lineText';
import { integer, pick } from '../pairs/random';

const escape = (byte: number): string => String.fromCharCode(0xdc00 + byte);

describe('lineText', () => {
  it.each([...Array(200).keys()])('keeps any bytes, UTF-8 or not (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const bytes = Buffer.from(
      Array.from({ length: integer(random, 30) }, () => (random() < 0.5 ? 0x61 : integer(random, 256))),
    );
    expect(Buffer.from(lineBytes(lineText(bytes))).equals(bytes), `seed ${seed}`).toBe(true);
  });

  it.each([...Array(30).keys()])(
    'keeps any bytes at the borders between the slices of a long line (seed %i)',
    (seed) => {
      const random = seededRandom(seed);
      const parts = ['a', 'é', '€', '😀'].map((char) => Buffer.from(char));
      const bad = [
        Buffer.of(0xff),
        Buffer.of(0xe2, 0x82),
        Buffer.of(0xf0, 0x9f, 0x98),
        Buffer.of(0xed, 0xa0, 0x80),
        Buffer.of(0x80),
      ];
      const around = Array.from({ length: 40 }, () => pick(random, random() < 0.3 ? bad : parts));
      // A piece has 64 KB.
      const bytes = Buffer.concat([
        Buffer.alloc(65_536 - integer(random, 60), 'x'),
        ...around,
        Buffer.alloc(200_000, '€'),
        ...around,
      ]);
      const text = lineText(bytes);
      expect(text.replaceAll(/[\u{dc80}-\u{dcff}]/gu, '')).toBe(withoutBad(bytes));
      expect(Buffer.from(lineBytes(text)).equals(bytes), `seed ${seed}`).toBe(true);
    },
  );

  it('reads UTF-8 as it is and keeps a byte order mark inside a file', () => {
    expect(lineText(Buffer.from('\ufeffé😀'))).toBe('\ufeffé😀');
  });

  it.each([
    ['a byte that starts nothing', [0xff], [0xff]],
    ['a continuation without a start', [0x80], [0x80]],
    ['a sequence that ends early', [0xe2, 0x82], [0xe2, 0x82]],
    ['an overlong sequence', [0xe0, 0x80, 0x80], [0xe0, 0x80, 0x80]],
    ['a surrogate', [0xed, 0xa0, 0x80], [0xed, 0xa0, 0x80]],
    ['a code point above U+10FFFF', [0xf4, 0x90, 0x80, 0x80], [0xf4, 0x90, 0x80, 0x80]],
  ])('escapes each byte of %s', (_, bytes, escaped) => {
    expect(lineText(Buffer.from([0x61, ...bytes, 0x62]))).toBe(`a${escaped.map(escape).join('')}b`);
  });

  it.each([
    ['one bad byte', (bytes: Buffer) => bytes.fill(0xff, 1_000_000, 1_000_001)],
    ['bad bytes only', (bytes: Buffer) => bytes.fill(0xff)],
  ])('cuts a line of 20 MB with %s into few slices without overlap', (_, damage) => {
    const bytes = damage(Buffer.alloc(20_000_000, 'a'));
    const taken = [...utf8Slices(bytes)];
    expect(taken.length).toBeLessThan(bytes.length / 65_536 + 1);
    expect(taken.reduce((sum, piece) => sum + piece.length, 0)).toBe(bytes.length);
    expect(Buffer.from(lineBytes(lineText(bytes))).equals(bytes)).toBe(true);
  });

  it('writes lone surrogates that stand for no byte as U+FFFD', () => {
    expect(Buffer.from(lineBytes('a\ud800b\udfffc😀')).toString()).toBe('a\ufffdb\ufffdc😀');
  });
});

/** The valid parts of bytes, found with Node's decoder: it marks bad bytes, and no text here holds its mark. */
function withoutBad(bytes: Buffer): string {
  return bytes.toString('utf8').replaceAll('\ufffd', '');
}
