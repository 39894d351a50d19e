import { at } from '../../src/base/pure/must';
import { seededRandom } from '../../src/base/pure/seededRandom';

/** Letters of many scripts, as ranges of code points. */
const scripts: readonly (readonly [number, number])[] = [
  [0x61, 0x7a],
  [0x41, 0x5a],
  [0xc0, 0x24f],
  [0x370, 0x3ff],
  [0x400, 0x4ff],
  [0x531, 0x587],
  [0x5d0, 0x5ea],
  [0x620, 0x64a],
  [0x904, 0x939],
  [0xe01, 0xe3a],
  [0x10a0, 0x10ff],
  [0x1100, 0x11ff],
  [0x1e00, 0x1eff],
  [0x3041, 0x3096],
  [0x30a1, 0x30fa],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7a3],
  [0xff21, 0xff5a],
  [0x10330, 0x1034a],
  [0x1d400, 0x1d7ff],
  [0x20000, 0x2a6df],
];

const words = [
  'the',
  'Tell',
  'me',
  "don't",
  "I'VE",
  "we'll",
  'naïve',
  'Straße',
  'ΣΊΣΥΦΟΣ',
  'İstanbul',
  'ſt',
  'ǅ',
  'hello',
  'WORLD',
  'x86_64',
  'a.b.c',
  'e-mail',
  '3rd',
  "'s",
  "'S",
  '’s',
  'supercalifragilisticexpialidocious',
];
const emoji = ['🍋', '👩‍🌾', '👨‍👩‍👧‍👦', '🏳️‍🌈', '🇨🇭', '👍🏽', '☺️', '❤', '🫠', '1️⃣', '\u200d', '\ufe0f'];
const marks = [
  'e\u0301',
  'é',
  'a\u0308\u0304',
  'o\u0304\u0308',
  '\u0301',
  'Z\u0351\u036b\u0343',
  'ก็',
  'क्ष',
  'ﷺ',
  'ﬁ',
  '\u1e9b\u0323',
  '가',
  '\u1100\u1161',
];
const spaces = [
  ' ',
  '  ',
  '   ',
  '\t',
  '\n',
  '\n\n',
  '\r\n',
  '\r',
  ' \n ',
  '\u00a0',
  '\u2003',
  '\u3000',
  '\u200b',
  '\u2028',
  '\u0085',
  '\ufeff',
  '\u180e',
  '\v',
  '\f',
  '▁',
  'Ġ',
];
const code = [
  'if (x !== null) {\n    return a[i]->b;\n}',
  'def f(x):\n\treturn x**2',
  '#include <stdio.h>',
  '</div>',
  '=>',
  '...',
  '!!!',
  '——',
  '$',
  '\\n',
  '"',
  '`',
  '/* */',
  '//',
  '&&',
  '<|',
  '|>',
  '<',
  '>',
  '[',
  ']',
  '<s',
  '0x00',
  '<0x0A>',
  '_',
  '^^',
];
const numbers = [
  '0',
  '7',
  '12',
  '123',
  '1234',
  '12345678901234567890',
  '3.14',
  '1,000',
  '٣٤',
  '五',
  '½',
  '²',
  'Ⅻ',
  '𝟘',
  '০১',
];
const controls = [
  '\0',
  '\u0001',
  '\u0007',
  '\u001b[0m',
  '\u007f',
  '\u0080',
  '\u009f',
  '\u202e',
  '\u2066',
  '\ue000',
  '\ufffd',
  '\uffff',
  '\u{10ffff}',
  '\u00ad',
];

/**
 * Random texts with everything that tokenizers get wrong: scripts, emoji and joiners, combining marks, runs of spaces,
 * code, numbers, control characters, halves of surrogate pairs, long repetitions, and special tokens within text.
 *
 * @param special texts of the tokenizer's own added tokens
 */
export function mixedTexts(count: number, seed: number, special: readonly string[]): string[] {
  const random = seededRandom(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const one = (list: readonly string[]): string => at(list, below(list.length));
  const letters = (): string => {
    const [from, to] = at(scripts, below(scripts.length));
    return Array.from({ length: 1 + below(8) }, () => String.fromCodePoint(from + below(to - from + 1))).join('');
  };
  const kinds: readonly (() => string)[] = [
    letters,
    letters,
    letters,
    () => one(words),
    () => one(words),
    () => one(emoji),
    () => one(marks),
    () => one(spaces),
    () => ' ',
    () => ' ',
    () => ' ',
    () => one(code),
    () => one(numbers),
    () => one(controls),
    () => String.fromCodePoint(below(0xd800)),
    () => String.fromCharCode(0xd800 + below(0x800)),
    () => one([...special, '']),
  ];
  const piece = (): string => at(kinds, below(kinds.length))();
  return Array.from({ length: count }, (_, i) => {
    if (i % 50 === 0) return piece().repeat(1 + below(400));
    return Array.from({ length: 1 + below(12) }, piece).join('');
  });
}
