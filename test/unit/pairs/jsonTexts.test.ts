import { describe, expect, it } from 'vitest';
import { readPair } from '../../../src/pairs/readPair';
import { detectAll } from '../../../src/pairs/reading';
import { scanJson } from '../../../src/pairs/scanJson';

/** One-line texts of the kinds that JSONTestSuite (Nicolas Seriot, 2016) collects, by what RFC 8259 says of them. */
const values = {
  arrays: [
    '[]',
    '[ ]',
    '[[]]',
    '[[] ]',
    '[null]',
    '[1\t]',
    '[ 1]',
    '[1,null,null,null,2]',
    '[2] ',
    ' [] ',
    '[""]',
    '["a"]',
  ],
  numbers: [
    '0',
    '-0',
    '-1',
    '1e1',
    '1E22',
    '1E-2',
    '1E+2',
    '123.456e78',
    '0e1',
    '0e+1',
    '-0.1',
    '20e1',
    '1.5',
    '123123e100000',
  ],
  literals: ['true', 'false', 'null', '[true]', '[false, null]', ' true'],
  strings: [
    String.raw`"\u0060\u012a\u12AB"`,
    String.raw`"\"\\\/\b\f\n\r\t"`,
    String.raw`"\\u0000"`,
    String.raw`"\\\""`,
    String.raw`"\\a"`,
    String.raw`"\u0000"`,
    String.raw`"\uD801\udc37"`,
    String.raw`"\ud83d\ude39\ud83d\udc8d"`,
    String.raw`"\uDBFF\uDFFF"`,
    String.raw`"new\u000Aline"`,
    String.raw`"\uFFFF"`,
    '"a/*b*/c/*d//e"',
    '"\u2028\u2029"',
    '"\u007f"',
    '"€𝄞"',
    '"\ufeff"',
    '" "',
  ],
  objects: [
    '{}',
    '{"":0}',
    '{"a":"b","a":"c"}',
    '{"a":[]}',
    String.raw`{"foo\u0000bar": 42}`,
    '{ "min": -1.0e+28, "max": 1.0e+28 }',
  ],
  'texts that parsers may refuse': [
    '123e45',
    '0.4e00669999999999',
    '-1e+9999',
    '1e-10000000',
    '["\\uDADA"]',
    '"\\uD888\\u1234"',
    '"\\udc00"',
  ],
};

const mistakes = {
  arrays: [
    '[1 true]',
    '[a]',
    '["": 1]',
    '[""],',
    '[,1]',
    '[1,,2]',
    '["x",,]',
    '["x"]]',
    '["",]',
    '["x"',
    '[x',
    '[3[4]]',
    '[1:2]',
    '[,]',
    '[-]',
    '[   , ""]',
    '[1,]',
    '[1,',
    '[*]',
    '[""',
    '[{}',
    '[',
  ],
  literals: [
    '[fals]',
    '[nul]',
    '[tru]',
    'True',
    'NULL',
    'truee',
    'nulll',
    'undefined',
    'NaN',
    'Infinity',
    '[-Infinity]',
    '[+Inf]',
  ],
  numbers: [
    '++1',
    '+1',
    '-01',
    '-1.0.',
    '-2.',
    '-NaN',
    '.-1',
    '.2e-3',
    '0.1.2',
    '0.3e+',
    '0.3e',
    '0.e1',
    '0E+',
    '0e',
    '1.0e+',
    '1.0e-',
    '1.0e',
    '1 000.0',
    '1eE2',
    '2.e+3',
    '2.e3',
    '9.e+',
    '1+2',
    '0x1',
    '0x42',
    '-foo',
    '- 1',
    '-012',
    '-.123',
    '-1x',
    '1ea',
    '1e1٣',
    '1.',
    '1.2a-3',
    '1.8011670033376514H-308',
    '012',
    '1_000',
    '１',
  ],
  objects: [
    '["x", truth]',
    '{[: "x"}',
    '{"x", null}',
    '{"x"::"b"}',
    '{"a":"a" 123}',
    "{key: 'value'}",
    '{"a" b}',
    '{:"b"}',
    '{"a" "b"}',
    '{"a":',
    '{"a"',
    '{1:1}',
    '{9999E9999:1}',
    '{null:null}',
    '{"id":0,,,,,}',
    "{'a':0}",
    '{"id":0,}',
    '{"a":"b"}/**/',
    '{"a":"b"}//',
    '{"a":"b",,"c":"d"}',
    '{a: "b"}',
    '{"a":"a',
    '{"a":/*comment*/"b"}',
    '{"a": true} "x"',
    '{"a":"b"}#',
    '{',
    '{,',
    '{"a"',
    '{"',
    '{"a":1 "b":2}',
    '{*}',
    '{"\\u',
  ],
  strings: [
    '["\\uD800\\"]',
    '["\\uD800\\u"]',
    '["\\uD800\\u1"]',
    '["\\uD800\\u1x"]',
    '[é]',
    '["\\\u0000"]',
    '["\\x00"]',
    '["\\\\\\"]',
    '["\\\t"]',
    '["\\🌀"]',
    '["\\"]',
    '["\\u00A"]',
    '["\\uqqqq"]',
    '["\\a"]',
    '[\\u0020"asd"]',
    '[\\n]',
    '"',
    "['single quote']",
    'abc',
    '["\\',
    '"\t"',
    '"a\u0000a"',
    '"new\u0001line"',
    '"\\UA66D"',
    '""x',
    '"\\u 123"',
    '“quoted”',
  ],
  structure: [
    '',
    ' ',
    '<null>',
    '<.>',
    '[1]x',
    '[1}',
    '[True]',
    '[true]]',
    '{}}',
    '{"a":1]',
    '}',
    ']',
    '\u2060',
    '[\u2060]',
    '[\f]',
    '\u000b[]',
    '\u00a0[]',
    '[\ufeff]',
    '﻿{}',
    '*',
    '2@',
    '[][]',
    '{}{}',
    '1]',
    '"a","b"',
    '// comment',
    '{} // comment',
    '[1],2',
    'å',
    '[⍂',
    '{"a":1}\u0000',
  ],
};

const texts = (groups: Readonly<Record<string, readonly string[]>>): [string, string][] =>
  Object.entries(groups).flatMap(([name, list]) => list.map((text): [string, string] => [name, text]));

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Not JSON.
    return false;
  }
}

function scans(text: string): boolean {
  try {
    scanJson(text);
    return true;
  } catch {
    // Not JSON, as the scanner says with a sentence.
    return false;
  }
}

describe('one-line texts are accepted and refused as JSON.parse does', () => {
  it.each(texts(values))('%s: accepts %j', (_group, text) => {
    expect([parses(text), scans(text)]).toEqual([true, true]);
    expect(readPair(text, detectAll).kind).not.toBe('not-json');
  });

  it.each(texts(mistakes))('%s: refuses %j', (_group, text) => {
    expect([parses(text), scans(text)]).toEqual([false, false]);
    expect(['not-json', 'blank']).toContain(readPair(text, detectAll).kind);
  });

  it('as a value of a row too', () => {
    for (const [, text] of texts(values)) expect(scans(`{"chosen": ${text}}`), text).toBe(true);
    const inRow = texts(mistakes).map(([, text]) => `{"chosen": ${text}}`);
    for (const row of inRow) expect(scans(row), row).toBe(parses(row));
  });

  it('accepts 1,000 levels, and refuses more with the reason', () => {
    expect(scans('['.repeat(1000) + ']'.repeat(1000))).toBe(true);
    expect(() => scanJson('['.repeat(1002) + ']'.repeat(1002))).toThrow('nested more than 1000 deep');
    expect(() => scanJson('{"a":'.repeat(50_000))).toThrow('nested more than 1000 deep');
    expect(scans('['.repeat(500))).toBe(false);
  });
});
