import { describe, expect, it } from 'vitest';
import { at } from '../../../src/base/pure/must';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { lineText } from '../../../src/jsonl/lineText';
import { ByteScanner } from '../../../src/jsonl/node/search/byteScanner';
import { matchRows } from '../../../src/jsonl/node/search/matchRows';
import { WordFinder } from '../../../src/jsonl/node/search/wordFinder';
import { letterForms } from '../../../src/jsonl/search/letterForms';
import { searchable } from '../../../src/jsonl/search/searchable';

const kelvin = '\u212a';

/** The rows of a file of lines that have the words, found in the bytes. */
function found(lines: readonly Buffer[], words: readonly string[], offset = 0): number[] {
  let start = offset;
  const starts = Float64Array.from(lines, (line) => {
    start += line.length + 1;
    return start - line.length - 1;
  });
  const bytes = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));
  const lengths = Uint32Array.from(lines, ({ length }) => length);
  const finders = words.map((word) => new WordFinder(word.toLowerCase()));
  return matchRows(bytes, offset, { starts, lengths }, finders);
}

/** The same by the definition: each row is decoded. */
function plainly(lines: readonly Buffer[], words: readonly string[]): number[] {
  const texts = lines.map((line) => searchable(lineText(line)));
  return [...texts.keys()].filter((row) => words.every((word) => at(texts, row).includes(word.toLowerCase())));
}

describe('a word in the bytes of rows', () => {
  it.each([
    ['in any case', 'Blue Sky', ['{"a": "the BLUE sKy"}']],
    ['behind escapes of its letters', 'grün', ['{"a": "Gr\\u00FCn"}', '{"a": "\\u0047r\\u00dcn"}']],
    ['over a line break', 'blue sky', ['{"a": "blue\\nsky"}', '{"a": "blue\\u0020sky"}']],
    ['with a quote or a slash', 'say "and/or"', ['{"a": "say \\"and\\/or\\""}', '{"a": "say \\"and/or\\u0022"}']],
    ['with a letter that takes other bytes in another case', '30 kelvin', [`{"a": "30 ${kelvin}elvin"}`]],
    ['with a dotted capital I', 'İZMİR', ['{"a": "İZMİR"}', '{"a": "\\u0130zmi\\u0307r"}']],
    ['in scripts without case', '天空', ['{"a": "蓝色的天空"}', '{"a": "\\u5929\\u7a7a"}']],
    ['in scripts with case', 'небо', ['{"a": "НЕБО"}', '{"a": "\\u041d\\u0435бо"}']],
    ['as an emoji', '😀', ['{"a": "😀"}', '{"a": "\\ud83d\\ude00"}']],
    ['with a final sigma', 'οδός', ['{"a": "ΟΔΌΣ"}', '{"a": "οδός"}']],
    ['only of characters that are escaped', '"/', ['{"a": "\\"\\/"}']],
  ])('is found %s', (_, word, rows) => {
    const lines = ['{}', ...rows, '{"a": "u00fc n t"}', ''].map((row) => Buffer.from(row));
    expect(found(lines, [word])).toEqual(rows.map((_row, i) => i + 1));
  });

  it('is not found across rows, nor in the letters of an escape', () => {
    const lines = ['{"a": "blue', 'sky"}', '{"a": "\\u00e9t\\nrue"}', '{"a": "\\\\u00e9"}'].map((row) =>
      Buffer.from(row),
    );
    expect(found(lines, ['blue sky'])).toEqual([]);
    expect(found(lines, ['u00e9'])).toEqual([3]);
    expect(found(lines, ['nrue'])).toEqual([]);
  });

  it('is found at any place of a long row', () => {
    for (let before = ByteScanner.most - 40; before < ByteScanner.most + 5; before++)
      for (const content of ['a long phrase with a grün', 'a long phr\\u0061se with\\na gr\\u00fcn'])
        expect(found([Buffer.from(`${'x'.repeat(before)}${content}`)], ['a long phrase with a grün'])).toEqual([0]);
  });

  it('is found exactly where decoding each row finds it', () => {
    const seed = 20261129;
    const next = seededRandom(seed);
    const pick = <T>(list: readonly T[]): T => at(list, Math.floor(next() * list.length));
    for (let round = 0; round < 500; round++) {
      const text = (most: number): string => Array.from({ length: 1 + next() * most }, () => pick(characters)).join('');
      const word = pick([text(3), text(8), text(60)]);
      const written = (content: string): Buffer[] => [...content].map((one) => writtenAs(one, next, pick));
      const lines = Array.from({ length: 6 }, () =>
        Buffer.concat([
          ...written(text(12)),
          ...(next() < 0.5 ? written(next() < 0.5 ? word : word.toUpperCase()) : []),
          ...written(text(12)),
        ]),
      );
      const words = next() < 0.2 ? [word, text(2)] : [word];
      expect(found(lines, words, 5), `seed ${seed}, round ${round}: ${JSON.stringify(words)}`).toEqual(
        plainly(lines, words),
      );
    }
  });
});

describe('the forms of a letter', () => {
  it('are all characters that give it in lower case', () => {
    expect(letterForms('k')).toEqual(['k', 'K', kelvin]);
    for (let code = 0; code <= 0x10ffff; code++) {
      const form = String.fromCodePoint(code);
      const lower = form.toLowerCase();
      if (lower !== form && ![...lower].every((letter) => letterForms(letter).includes(form))) expect.fail(form);
    }
  });
});

const characters = [...'abkiKIst  ""\\\\//nrtu00f\tσΣςüÜéяЯ天空😀𐐀𐐨İ\u0307', kelvin, '\u2126', 'Ⱥ', '\u0000'];

/** A character as it may stand in a file: plain, as one of its escapes, and sometimes broken. */
function writtenAs(one: string, next: () => number, pick: <T>(list: readonly T[]) => T): Buffer {
  const chance = next();
  if (chance < 0.02) return Buffer.from([pick([0x80, 0xc3, 0xe2, 0x5c, 0xff, 0xf0])]);
  if (chance < 0.6) return Buffer.from(one);
  const short = { ' ': '\\n', '"': '\\"', '\\': '\\\\', '/': '\\/' }[one];
  if (short !== undefined && chance < 0.85) return Buffer.from(one === ' ' ? pick(['\\n', '\\r', '\\t']) : short);
  const units = one.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return Buffer.from(next() < 0.5 ? units.join('') : units.join('').toUpperCase().replaceAll('\\U', '\\u'));
}
