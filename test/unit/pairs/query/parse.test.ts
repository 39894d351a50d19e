import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import { parseQuery, queryErrorOf } from '../../../../src/pairs/query/parseQuery';
import { printQuery } from '../../../../src/pairs/query/printQuery';
import { randomCondition } from './randomCondition';

/** Queries, and the same query as it is printed. */
const read: readonly (readonly [query: string, printed: string])[] = [
  ['', ''],
  ['""', ''],
  [
    'margin:<0 margin:>-1.5 problem line:12 Blue "two words"',
    'margin < 0 margin > -1.5 problems > 0 line = 12 "blue" "two words"',
  ],
  ['margin:<−0.5', 'margin < -0.5'],
  ['edited', 'edited:="yes"'],
  ['changed:no', 'changed:="no"'],
  ['problems:none', 'not problems = problems'],
  ['turns:2..5', 'turns:2..5'],
  ['turns>3 turns > 3 turns:>3', 'turns > 3 turns > 3 turns > 3'],
  ['len(chosen)>2*len(rejected)', 'len(chosen) > 2 * len(rejected)'],
  ['length(.note) >= (len(prompt)+1)/2', 'len(.note) >= (len(prompt) + 1) / 2'],
  ['(len(chosen) + len(rejected))*2 > 10', '(len(chosen) + len(rejected)) * 2 > 10'],
  ['len(chosen)>5 -sorry', 'len(chosen) > 5 not "sorry"'],
  ['len(chosen) - 5 > turns-1', 'len(chosen) - 5 > turns - 1'],
  ['-margin<-1', 'not margin < -1'],
  ['(len(chosen)>5 or turns>3) /re/', '(len(chosen) > 5 or turns > 3) /re/'],
  ['a or b and not c', '"a" or "b" not "c"'],
  ['(a OR b) -(c d)', '("a" or "b") not ("c" "d")'],
  ['"or" "and" order andy nothing', '"or" "and" "order" "andy" "nothing"'],
  [
    '-5 24/7 2026-11-29 3 - <think> C++ https://x.org/?a=b .gitignore /usr/bin and/or',
    '"-5" "24/7" "2026-11-29" "3" "-" "<think>" "c++" "https://x.org/?a=b" ".gitignore" "/usr/bin" "and/or"',
  ],
  [String.raw`"a \"b\" c:\d" it's`, String.raw`"a \"b\" c:\\d" "it's"`],
  ['/^Sure[, /]/im', '/^Sure[, /]/im'],
  [
    'model:"GPT-4" model:gpt|claude model:="x" model=x model!=x model:none',
    'model:"gpt-4" model:"gpt"|"claude" model:="x" model:="x" not model:="x" model:none',
  ],
  ['chosen:/^sure/i prompt:"refund policy"', 'chosen:/^sure/i prompt:"refund policy"'],
  ['severity:error|warning problem:duplicate', 'severity:="error"|"warning" problem:="duplicate"'],
  [
    '.score:>3 .meta.lang:de column.name:x ."a key".0:=y .n>1 .n - 1 > 2',
    '.score > 3 .meta.lang:"de" .name:"x" ."a key"."0":="y" .n > 1 .n - 1 > 2',
  ],
  ['starts(chosen):"As an AI"|sure -starts(.note)!=x', 'starts(chosen):"as an ai"|"sure" not not starts(.note):="x"'],
  ['script:Cyrillic', 'script:="cyrillic"'],
  ['margin.delta:<-0.5 -flipped:yes', 'margin.delta < -0.5 not flipped:="yes"'],
  ['Rank.Delta>10 margin.before - margin > 1', 'rank.delta > 10 margin.before - margin > 1'],
  ['logp.token(chosen)<2*logp(rejected)/gap.tokens', 'logp.token(chosen) < (2 * logp(rejected)) / gap.tokens'],
  // A dot belongs to a name only in these families.
  ['.margin.delta:>3 column.rank.delta:x', '.margin.delta > 3 .rank.delta:"x"'],
  ['a.b:c example.com:80 margin.', '"a.b:c" "example.com:80" "margin."'],
  ['.score:3 .score:1..2', '.score = 3 .score >= 1 .score <= 2'],
];

/** Queries that are refused: the characters that are underlined, and the sentence. */
const refused: readonly (readonly [query: string, marked: string, message: string])[] = [
  ['lenght(chosen)>3', 'lenght', 'There is no field lenght: did you mean length?'],
  ['a modle:x', 'modle', 'There is no field modle: did you mean model? A column is .modle;'],
  ['zzzzzz:1', 'zzzzzz', 'There is no field zzzzzz. A column is .zzzzzz; to find it as text, use quotation marks.'],
  ['len:3', 'len', 'len needs to know of what: write len(chosen), as in len(chosen)>2*len(rejected).'],
  ['margin.dleta:<0', 'margin.dleta', 'There is no field margin.dleta: did you mean margin.delta?'],
  ['logp(prompt)>0', 'prompt', 'write logp(chosen), logp(rejected).'],
  ['logp.token<0', 'logp.token', 'logp.token needs to know of what'],
  ['len(answer)>3', 'answer', 'answer is no part of the row that len measures: write len(prompt), len(chosen),'],
  ['score(prompt)>3', 'prompt', 'write score(chosen), score(rejected).'],
  ['margin:', ':', 'A number is missing here'],
  ['starts:sure', 'starts', 'starts needs to know of what: write starts(chosen), as in starts(chosen):"as an ai".'],
  ['starts(chosen)', 'starts(chosen)', 'starts needs words to look for: write starts(chosen):"as an ai".'],
  ['starts(x):y', 'x', 'x is no part of the row that starts measures'],
  ['script:klingon', 'klingon', 'script is latin or greek'],
  ['margin:<', ':<', 'A number is missing here'],
  ['turns>', '>', 'A number is missing here'],
  ['turns>x', 'x', 'There is no field x'],
  ['turns>model', 'model', 'model is a text, not a number'],
  ['model>3', 'model', 'model is a text, which is not compared as a number: write model:gpt-4.'],
  ['len(chosen)', 'len(chosen)', 'A comparison is missing: write <, <=,'],
  ['severity:bad', 'bad', 'severity is error or warning or info, not bad.'],
  ['severity:eror', 'eror', 'Did you mean error?'],
  ['model:', ':', 'A value is missing here: write one, as in model:gpt-4.'],
  ['a "b c', '"b c', 'This quotation mark is not closed'],
  ['(a or b', '(', 'This parenthesis is not closed'],
  ['a )', ')', 'This parenthesis closes nothing'],
  ['()', '()', 'The parentheses are empty'],
  ['a and', 'and', '"and" needs a term after it. To find the word, put it in quotation marks.'],
  ['or b', 'or', '"or" needs a term before it.'],
  ['a or or b', 'or', '"or" needs a term before it.'],
  ['not', 'not', '"not" needs a term after it.'],
  ['x /[ab/', '/[ab/', 'The pattern cannot be read: [ is not closed.'],
  ['x /a(/i', '/a(/i', 'The pattern cannot be read: Unterminated group.'],
  ['/a/ig', 'ig', 'A pattern takes the flags i, m, s and u, each once, not ig'],
  ['row:12abc', 'abc', 'abc cannot follow here: put a space before it.'],
];

describe('a query', () => {
  it.each(read)('%s is read as %s', (query, printed) => {
    expect(printQuery(parseQuery(query))).toBe(printed);
  });

  it.each(refused)('%s is refused at %s: %s', (query, marked, message) => {
    const error = queryErrorOf(query);
    expect(error?.message).toContain(message);
    expect(query.slice(error?.start, error?.end)).toBe(marked);
  });

  it('that is too long or too deep is refused', () => {
    expect(queryErrorOf('a'.repeat(10_001))?.message).toContain('longer than 10000 characters');
    expect(queryErrorOf(`${'('.repeat(2000)}a`)?.message).toContain('nested more than 100 deep');
    expect(queryErrorOf(`${'-'.repeat(2000)}a`)).toBeNull();
    expect(queryErrorOf(`${'not '.repeat(2000)}a`)?.message).toContain('nested more than 100 deep');
    expect(queryErrorOf(`1${'*-'.repeat(2000)}1>0`)).toBeNull();
    expect(queryErrorOf(`len(chosen)*${'-'.repeat(2000)}1>0`)?.message).toContain('nested more than 100 deep');
  });

  it('printed and read again is the same', () => {
    for (let seed = 1; seed <= 2000; seed++) {
      const condition = randomCondition(seededRandom(seed), 3);
      const printed = printQuery(condition);
      expect(queryErrorOf(printed), `seed ${seed}: ${printed}`).toBeNull();
      expect(printQuery(parseQuery(printed)), `seed ${seed}`).toBe(printed);
    }
  });

  it('of any characters is read or refused at a place in it', () => {
    const pieces = '( ) " / - : < = > . | * − \\ not or len model 12 x'
      .split(' ')
      .flatMap((piece) => [piece, `${piece} `]);
    for (let seed = 1; seed <= 5000; seed++) {
      const next = seededRandom(seed);
      const text = Array.from({ length: 12 }, () => pieces[Math.floor(next() * pieces.length)]).join('');
      const error = queryErrorOf(text);
      if (!error) continue;
      expect(error.start, `seed ${seed}: ${text}`).toBeLessThanOrEqual(text.length);
      expect(error.end, `seed ${seed}: ${text}`).toBeLessThanOrEqual(text.length + 1);
      expect(error.message).toMatch(/\.$|\.\.\.$|\)\.$/);
    }
  });
});
