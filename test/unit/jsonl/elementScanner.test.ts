import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { ElementScanner } from '../../../src/jsonl/elementScanner';
import type { RowText } from '../../../src/jsonl/containers/rowText';
import { ElementSplitter } from '../../../src/jsonl/elementSplitter';
import { integer, pick } from '../pairs/random';
import { randomJson, spacedJson } from './randomJson';

/** Bytes as in chunks of `size`. */
function split(text: string | Buffer, size = 7): RowText[] {
  const bytes = Buffer.from(text);
  const splitter = new ElementSplitter('folder/rows.json');
  const rows: RowText[] = [];
  for (let i = 0; i < bytes.length; i += size) rows.push(...splitter.push(bytes.subarray(i, i + size)));
  return [...rows, ...splitter.end()];
}

function mistake(text: string, size?: number): string {
  try {
    split(text, size);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return '';
}

describe('rows of a JSON file', () => {
  it('are the elements of its array, each with its own text, line, and characters before it on that line', () => {
    const text = '\ufeff[\n  {"a": "],\\"[{"},\r\n  {\n    "b": []\n  },  [1, [2]] , "x,]", -1.5e3,\ttrue\n]\n';
    expect(split(text)).toEqual([
      { text: '{"a": "],\\"[{"}', line: 2, before: 2 },
      { text: '{\n    "b": []\n  }', line: 3, before: 2 },
      { text: '[1, [2]]', line: 5, before: null },
      { text: '"x,]"', line: 5, before: null },
      { text: '-1.5e3', line: 5, before: null },
      { text: 'true', line: 5, before: null },
    ]);
  });

  it('are the objects of a file without an array, with or without space between them', () => {
    const texts = ['{\n  "a": 1\n}', '{"b": {"c": "}"}}', '{}'];
    expect(split(`${texts[0]}\n\n${texts[1]}${texts[2]}\n`)).toEqual([
      { text: texts[0], line: 1, before: 0 },
      { text: texts[1], line: 5, before: 0 },
      { text: texts[2], line: 5, before: null },
    ]);
  });

  it('are none in an empty array or file', () => {
    expect([split('[]'), split(' [ \n ] '), split(''), split('\ufeff\n')]).toEqual([[], [], [], []]);
  });

  it('keep bytes that are not UTF-8', () => {
    const [row] = split(Buffer.from('["a\xff"]', 'latin1'));
    expect(row?.text).toBe('"a\udcff"');
  });
});

describe('a mistake between the rows', () => {
  it.each([
    ['[{"a": 1}\n {"b": 2}]', 'line 2, column 2: expected "," or "]": a comma is missing here'],
    ['[{"a": 1},\n]', 'line 2, column 1: a comma before "]": delete it'],
    ['[{"a": 1},, {}]', 'line 1, column 11: a row is missing before this comma'],
    ['[{"a": "é😀"}] x', 'line 1, column 16: more text after the "]"'],
    ['[{}]\n[{}]', 'line 2, column 1: more text after the "]"'],
    ['[{} // rows\n]', 'line 1, column 5: expected "," or "]"; JSON has no comments'],
    ['[\n  {"a": "b},\n  {"a": "b"}\n]', 'line 2, column 13: the line ends inside a string'],
    ['{"a": 1},\n{"a": 2}', 'line 1, column 9: a comma between objects'],
    ['{"a": 1}\n2', 'line 2, column 1: expected "{"'],
    ['prompt,chosen', 'line 1, column 1: expected "[" or "{"'],
    ["['a']", 'line 1, column 2: single quotes are not JSON'],
  ])('%j is named with its line and column', (text, sentence) => {
    expect(mistake(text, 1000)).toContain(`folder/rows.json, ${sentence}`);
    // At the end of a chunk less text follows, which the sentence may need.
    expect(mistake(text, 3)).toContain(`folder/rows.json, ${sentence.slice(0, 20)}`);
  });

  it.each([
    ['[\n{"a": "b', 'inside row 1, which begins in line 2'],
    ['[{"a": 1},\n{"b": [', 'inside row 2, which begins in line 2'],
    ['{"a": 1}\n{', 'inside row 2, which begins in line 2'],
    ['[1,\n2', 'inside row 2, which begins in line 2'],
    ['[{"a": 1}', 'before the "]" that closes its array'],
    ['[{"a": 1},', 'before the "]" that closes its array'],
    ['[', 'before the "]" that closes its array'],
  ])('a file that was cut off is named: %j', (text, where) => {
    expect(mistake(text)).toMatch(/^folder\/rows\.json ends in line \d, /);
    expect(mistake(text)).toContain(`${where}. It was cut off`);
  });

  it('has a place by bytes in a very long line', () => {
    expect(mistake(`[{"a": "${'é'.repeat(200_000)}"} 1]`, 1 << 18)).toContain(
      'line 1, byte 400012 of the file: expected ","',
    );
  });

  it('is a row or a gap over its limit', () => {
    const scanner = new ElementScanner('rows.json', 1 << 20);
    const push = (text: string): void => scanner.push(Buffer.from(text), () => undefined);
    push('[{},\n{"a": "');
    expect(() => push('b'.repeat(1 << 20))).toThrow('rows.json, row 2 in line 2: longer than 1 MB');
    const spaces = new ElementScanner('rows.json');
    expect(() => spaces.push(Buffer.from(`[{}${' '.repeat((1 << 20) + 1)}`), () => undefined)).toThrow('after row 1');
  });
});

describe('arrays of any form', () => {
  it.each([...Array(300).keys()])('give the values of JSON.parse, also damaged (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const values = Array.from({ length: integer(random, 6) }, () => randomJson(random));
    const text = spacedJson(values, random);
    const size = 1 + integer(random, 30);
    expect(
      split(text, size).map((row) => JSON.parse(row.text)),
      `seed ${seed}`,
    ).toEqual(values);

    const at = integer(random, text.length);
    const damaged =
      text.slice(0, at) +
      pick(random, ['', ',', ']', '[', '}', '"', '\\', '\n', '1', 'null', ' ']) +
      text.slice(at + integer(random, 2));
    const parsed = valueOf(() => JSON.parse(damaged));
    // JSON.parse rejects objects without an array, and values without an array have no rows.
    if (!/^\s*\[/.test(damaged)) return;
    expect(
      valueOf(() => split(damaged, size).map((row) => JSON.parse(row.text))),
      `seed ${seed}: ${damaged}`,
    ).toEqual(parsed);
  });

  /** Kinds of malformed arrays, after JSONTestSuite's `n_array_*` and `n_structure_*`. */
  it.each([
    '[1 true]',
    '[a',
    '["": 1]',
    '[""],',
    '[,1]',
    '[1,,2]',
    '["x",,]',
    '["x"]]',
    '["",]',
    '["x"',
    '[3[4]]',
    '[1:2]',
    '[,]',
    '[-]',
    '[ , ""]',
    '["a",\n4\n,1,',
    '[1,]',
    '[1,,]',
    '["\va"\\f]',
    '[*]',
    '[""',
    '[1,',
    '[1,\n1\n,1',
    '[{}',
    '[\u2060]',
    '[',
    '[1]x',
    '[1}',
    '[][]',
    '["asd]',
    '[True]',
    '[\f]',
    '[1]\u00a0',
    '[.1]',
    '["a\tb"]',
    "['']",
    '[{]}',
    '[nul]',
    '[1e]',
    '[NaN]',
    '["\\x"]',
    '["\\',
    '["a" "b"]',
    '[1"a"]',
    '[\ufeff]',
    '[1 000]',
    '[+1]',
    '[01]',
    '[{"a":1}}]',
  ])('%j is rejected, as JSON.parse rejects it', (text) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(() => split(text).map((row) => JSON.parse(row.text))).toThrow();
  });
});

function valueOf(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return 'rejected';
  }
}
