import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { JsonSyntaxError, scanJson } from '../../../src/pairs/scanJson';
import { newLine, writeLine } from '../../../src/pairs/writeLine';
import { integer, pick } from './random';

const change = (line: string, fields: object): string => writeLine(line, { ...JSON.parse(line), ...fields });

describe('writeLine', () => {
  it('changes the edited value and no other character', () => {
    const line = '{ "id":12345678901234567890, "x": 1e20,"chosen" : "a","f": 1.0, "n":{"b":[1 ,2]} }';
    expect(change(line, { chosen: 'é "q"' })).toBe(line.replace('"a"', '"é \\"q\\""'));
    expect(change(line, {})).toBe(line);
  });

  it.each([
    ['Python escapes', '{"a": "\\u00e9", "b": "x"}', 'ü😀', '{"a": "\\u00e9", "b": "\\u00fc\\ud83d\\ude00"}'],
    ['upper-case escapes', '{"a": "\\u00E9", "b": "x"}', 'ü', '{"a": "\\u00E9", "b": "\\u00FC"}'],
    ['raw text', '{"a": "é", "b": "x"}', 'ü', '{"a": "é", "b": "ü"}'],
    ['no hint', '{"a": "e", "b": "x"}', 'ü', '{"a": "e", "b": "ü"}'],
    ['an escaped backslash is no escape', '{"a": "\\\\u00e9", "b": "x"}', 'ü', '{"a": "\\\\u00e9", "b": "ü"}'],
    ['Go escapes', '{"a":"\\u003c","b":"x"}', '<b> & é', '{"a":"\\u003c","b":"\\u003cb> & é"}'],
    ['PHP slashes', '{"a":"\\/","b":"x"}', 'a/b', '{"a":"\\/","b":"a\\/b"}'],
  ])('writes new text in the style of the line: %s', (_, line, b, expected) => {
    expect(change(line, { b })).toBe(expected);
  });

  it('adds and removes keys and items in the style of the line', () => {
    expect(change('{"a": 1, "b": [1.0]}', { b: [1, 2], c: { d: '' } })).toBe('{"a": 1, "b": [1.0, 2], "c": {"d": ""}}');
    expect(change('{"a":1,"b":[1.0]}', { b: [1, 2], c: { d: '' } })).toBe('{"a":1,"b":[1.0,2],"c":{"d":""}}');
    expect(writeLine('{"a": 1.0, "b": 2}', { a: 1 })).toBe('{"a": 1.0}');
  });

  it.each([2, '\t', 4])('writes new parts of a row on several lines with the indentation of the row (%j)', (indent) => {
    const pretty = (value: unknown): string => JSON.stringify(value, null, indent);
    const old = { a: 'x', list: [1, { b: [] }], none: {} };
    const next = { a: 'y', list: [1, { b: [{ c: 1 }] }, [2]], none: { d: '' }, more: [] };
    expect(writeLine(pretty(old), next)).toBe(pretty(next));
    expect(writeLine(pretty(next), old)).toBe(pretty(old));
    // As an element of an array: the lines after the first are indented by one level more.
    const inArray = (value: unknown): string =>
      pretty([value])
        .replace(/^\[\s*/, '')
        .replace(/\s*\]$/, '');
    expect(writeLine(inArray(old), next)).toBe(inArray(next));
    expect(newLine(next, inArray(old))).toBe(inArray(next));
    const windows = (value: unknown): string => pretty(value).replaceAll('\n', '\r\n');
    expect(writeLine(windows(old), next)).toBe(windows(next));
  });

  it('keeps a list on one line in a row of several', () => {
    expect(change('{\n  "a": [1, 2],\n  "b": 1\n}', { a: [1, 2, 3] })).toBe('{\n  "a": [1, 2, 3],\n  "b": 1\n}');
    expect(change('{"a": [1, 2],\n "b": 1}', { c: [3] })).toBe('{"a": [1, 2], "b": 1, "c": [3]}');
  });

  it('uses the last value of a key that occurs twice, like JSON.parse', () => {
    expect(change('{"a": 1, "a": 2}', { a: 3 })).toBe('{"a": 1, "a": 3}');
  });

  it('refuses a value that is nested too deep', () => {
    expect(() => scanJson('['.repeat(100_000))).toThrow(JsonSyntaxError);
  });

  it.each([...Array(300).keys()])('holds the new value, and goes back to the old line (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const line = randomLine(random);
    const value: unknown = JSON.parse(line);
    const other: unknown = mutated(random, value);
    const written = writeLine(line, other);
    expect(JSON.parse(written), `seed ${seed}: ${line}`).toEqual(other);
    expect(JSON.parse(writeLine(written, value))).toEqual(value);
    expect(writeLine(line, JSON.parse(line))).toBe(line);
  });

  it.each([...Array(300).keys()])('scans exactly the texts that JSON.parse accepts (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const line = randomLine(random);
    const at = integer(random, line.length);
    const broken =
      line.slice(0, at) + pick(random, ['', '"', ',', '}', '\\', '1', ' ', 'e']) + line.slice(at + integer(random, 2));
    expect(
      accepts(() => scanJson(broken)),
      broken,
    ).toBe(accepts(() => JSON.parse(broken)));
  });
});

function accepts(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    // JSON.parse rejects the text, and so must the scanner.
    return false;
  }
}

function randomLine(random: () => number): string {
  const space = (): string => pick(random, ['', '', ' ']);
  const text = (): string =>
    pick(random, ['"a"', '"\\u00e9"', '"é"', '"\\n\\"\\\\"', '""', '"\\ud83d\\ude00"', '"</"']);
  const value = (depth: number): string => {
    const kind = integer(random, depth > 2 ? 3 : 5);
    if (kind === 0) return text();
    if (kind === 1) return pick(random, ['1', '1.0', '-1e20', '12345678901234567890', '0']);
    if (kind === 2) return pick(random, ['true', 'null']);
    const items = Array.from({ length: integer(random, 4) }, () => value(depth + 1));
    if (kind === 3) return `[${items.join(`${space()},${space()}`)}${space()}]`;
    return `{${items.map((item, i) => `${space()}"k${i}"${space()}:${space()}${item}`).join(',')}${space()}}`;
  };
  return `{"first":${space()}${value(0)},${space()}"second": ${value(0)}}`;
}

function mutated(random: () => number, value: unknown): unknown {
  if (random() < 0.15) return pick(random, ['new é', 7, null, ['x'], { y: 'ü' }]);
  if (Array.isArray(value)) {
    const list = value.map((item) => mutated(random, item));
    return random() < 0.2 ? [...list, 'more'] : random() < 0.2 ? list.slice(1) : list;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, mutated(random, item)]);
  return Object.fromEntries(random() < 0.2 ? [...entries, ['added', 1]] : random() < 0.2 ? entries.slice(1) : entries);
}
