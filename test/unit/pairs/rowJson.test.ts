import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { rowAsJson, rowFromJson } from '../../../src/pairs/rowJson';
import { randomJson } from '../jsonl/randomJson';

const lines = [
  String.raw`{"prompt":"Gr\u00fcn?","n":12345678901234567890,"x":1.0,"list":[],"o":{}}`,
  '{ "a" : 1 , "b":[1,  2,{"c":"d"}] }',
  '{"a":1,"a":2}',
  '"text"',
];

describe('a row as indented JSON', () => {
  it('keeps keys, numbers and escapes as they are written', () => {
    expect(rowAsJson(lines[0] ?? '')).toBe(
      String.raw`{
  "prompt": "Gr\u00fcn?",
  "n": 12345678901234567890,
  "x": 1.0,
  "list": [],
  "o": {}
}
`,
    );
    expect(rowAsJson('no json')).toBe('no json\n');
  });

  it.each(lines)('gives the same line again where nothing was changed: %s', (line) => {
    expect(rowFromJson(rowAsJson(line), line)).toBe(line);
  });

  it('gives the same line again for any JSON (100 seeds)', () => {
    for (let seed = 0; seed < 100; seed++) {
      const line = JSON.stringify(randomJson(seededRandom(seed)));
      expect(rowFromJson(rowAsJson(line), line), `seed ${seed}`).toBe(line);
    }
  });

  it('keeps the bytes of what was not changed, and each digit of what was', () => {
    const edited = (line: string, from: string, to: string): string =>
      rowFromJson(rowAsJson(line).replace(from, to), line);
    expect(edited(lines[0] ?? '', '1.0', '2.50')).toBe(lines[0]?.replace('1.0', '2.50'));
    expect(edited(lines[0] ?? '', '890', '891')).toBe(lines[0]?.replace('890', '891'));
    expect(edited('{"a": 1, "b": 2}', '"b": 2', '"b": 2,\n  "c": [\n 3]')).toBe('{"a": 1, "b": 2, "c": [3]}');
    expect(rowFromJson('{\n "a": 1\n}', 'no json')).toBe('{"a": 1}');
  });

  it('keeps a row of an array on its lines', () => {
    const row = '{\n    "a": 1,\n    "b": 2\n  }';
    expect(rowFromJson(rowAsJson(row).replace('2', '3'), row)).toBe(row.replace('2', '3'));
  });

  it('names the place of a mistake', () => {
    expect(() => rowFromJson('{\n  "a": 1,\n  "b" 2\n}', '{}')).toThrow(
      /^The row is not JSON: line 3, column 7: expected/,
    );
  });
});
