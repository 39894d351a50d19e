import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { changedSpan, editConfig } from '../../../src/run/configEdits';
import { configFields, FieldProblem } from '../../../src/run/configFields';
import { caseSeeds } from '../cases';

const set = (text: string, name: string, json: string | null): string => editConfig(text, [{ name, json }]);

describe('an edit of a config', () => {
  it('replaces a value as it was typed, and nothing else', () => {
    const text = '{ "beta" :0.1,\r\n\t"loss_type":  ["ipo"] , "x": 1e-07}';
    expect(set(text, 'beta', '5e-2')).toBe('{ "beta" :5e-2,\r\n\t"loss_type":  ["ipo"] , "x": 1e-07}');
  });

  it('keeps the text of a value that stays the same', () => {
    expect(set('{"learning_rate": 1e-3}', 'learning_rate', '0.001')).toBe('{"learning_rate": 1e-3}');
  });

  it('adds a key last, spaced as the key before it', () => {
    expect(set('{\n\t"beta": 0.1\n}\n', 'seed', '7')).toBe('{\n\t"beta": 0.1,\n\t"seed": 7\n}\n');
    expect(set('{"beta":0.1,"seed":7}', 'lora_r', '8')).toBe('{"beta":0.1,"seed":7,"lora_r":8}');
  });

  it('starts an object in an empty file and in an empty object', () => {
    expect(set('', 'seed', '7')).toBe('{\n  "seed": 7\n}\n');
    expect(set('{ }\r\n', 'seed', '7')).toBe('{\r\n  "seed": 7\r\n}\r\n');
  });

  it('removes a key with one comma: the first, one between others, the last and the only one', () => {
    const text = '{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}';
    expect(set(text, 'a', null)).toBe('{\n  "b": 2,\n  "c": 3\n}');
    expect(set(text, 'b', null)).toBe('{\n  "a": 1,\n  "c": 3\n}');
    expect(set(text, 'c', null)).toBe('{\n  "a": 1,\n  "b": 2\n}');
    expect(set('{\n  "a": 1\n}\n', 'a', null)).toBe('{}\n');
    expect(set(text, 'd', null)).toBe(text);
  });

  it('keeps a byte order mark', () => {
    expect(set('\ufeff{"a": 1}', 'a', '2')).toBe('\ufeff{"a": 2}');
  });

  it('refuses a text that is not an object', () => {
    expect(() => set('[1]', 'a', '2')).toThrow(FieldProblem);
    expect(() => set('{"a": 1', 'a', '2')).toThrow(FieldProblem);
  });
});

/** Texts of JSON values, some of them written as no program writes them. */
const values = ['1', '1e-7', '-0.50', '"\\u00e9\\/x"', 'true', 'null', '[ 1,2 ]', '{"q": {"r":[]}}', '"{,:}"', '[]'];
const names = ['beta', 'seed', 'lora_r', 'a "b"', 'unknown', 'é', ''];

/** A config with random spacing, and the text of each value. */
function randomConfig(random: () => number): { text: string; entries: [string, string][] } {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const space = (): string => pick(['', '', ' ', '\n', '\r\n  ', '\t', ' \n ']);
  const entries = names.filter(() => random() < 0.6).map((name): [string, string] => [name, pick(values)]);
  const parts = entries.map(
    ([name, json]) => `${space()}${JSON.stringify(name)}${space()}:${space()}${json}${space()}`,
  );
  return { text: `${pick(['', '\ufeff'])}${space()}{${parts.join(',') || space()}}${space()}`, entries };
}

describe('random edits of random configs', () => {
  it.each(caseSeeds(200))('seed %i: keep the order of keys, the text of other values and all other bytes', (seed) => {
    const random = seededRandom(seed);
    const { text, entries } = randomConfig(random);
    const [name, json] = [names[Math.floor(random() * names.length)] ?? '', values[Math.floor(random() * 10)] ?? null];
    const edited = random() < 0.3 ? null : json;
    const after = set(text, name, edited);
    const known = entries.some(([key]) => key === name);
    const expected = entries.flatMap(([key, old]): [string, string][] =>
      key !== name ? [[key, old]] : edited === null ? [] : [[key, edited]],
    );
    if (!known && edited !== null) expected.push([name, edited]);
    const written = configFields(after).map((field): [string, string] => [field.name, field.json]);
    // A value that stays the same keeps its text.
    expect(written.map(([key, one]) => [key, JSON.parse(one) as unknown])).toEqual(
      expected.map(([key, one]) => [key, JSON.parse(one) as unknown]),
    );
    expect(written.filter(([key]) => key !== name)).toEqual(expected.filter(([key]) => key !== name));
    const span = changedSpan(text, after);
    if (!span) return;
    expect(text.slice(0, span.start) + span.text + text.slice(span.end)).toBe(after);
    // Nothing but the value, or the key with a comma and its spacing, is replaced, added or removed.
    if (known && edited !== null) expect(json).toContain(span.text);
    if (!known && entries.length > 0) expect(span.end).toBe(span.start);
    if (edited === null) expect(span.text).toBe('');
  });
});

describe('the span of a change', () => {
  it('is null for equal texts, and the shortest replacement else', () => {
    expect(changedSpan('abc', 'abc')).toBeNull();
    expect(changedSpan('abcd', 'abXd')).toEqual({ start: 2, end: 3, text: 'X' });
    expect(changedSpan('aa', 'aaa')).toEqual({ start: 2, end: 2, text: 'a' });
  });
});
