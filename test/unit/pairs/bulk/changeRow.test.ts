import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import { changerOf } from '../../../../src/pairs/bulk/changeRow';
import type { RowChange, RowOutcome } from '../../../../src/pairs/bulk/rowChange';
import { commonWord, patternOf, patternProblem, type TextSearch } from '../../../../src/pairs/bulk/textSearch';
import { detectAll, withColumns } from '../../../../src/pairs/reading';
import { readPair } from '../../../../src/pairs/readPair';
import { searchable } from '../../../../src/jsonl/search/searchable';
import { formatRows } from '../formatRows';
import { listRows } from '../listRows';

const plain: TextSearch = { text: 'a', isRegex: false, matchCase: false, wholeWord: false, field: 'all' };
const run = (change: RowChange, row: unknown): RowOutcome =>
  changerOf(change)(typeof row === 'string' ? row : JSON.stringify(row), detectAll);
const replaced = (search: Partial<TextSearch>, replacement: string, row: unknown): unknown => {
  const outcome = run({ kind: 'replace', search: { ...plain, ...search }, replacement }, row);
  return outcome.kind === 'changed' ? JSON.parse(outcome.line) : outcome;
};
const pair = { prompt: 'Cat cats', chosen: ' cat', rejected: ' CAT' };

describe('texts are replaced', () => {
  it('in any case, in the case that is asked for, or as whole words', () => {
    expect(replaced({ text: 'cat' }, 'dog', pair)).toEqual({ prompt: 'dog dogs', chosen: ' dog', rejected: ' dog' });
    expect(replaced({ text: 'cat', matchCase: true }, 'dog', pair)).toEqual({
      prompt: 'Cat dogs',
      chosen: ' dog',
      rejected: ' CAT',
    });
    expect(replaced({ text: 'cat', wholeWord: true }, 'dog', pair)).toEqual({
      prompt: 'dog cats',
      chosen: ' dog',
      rejected: ' dog',
    });
  });

  it('knows the letters of other scripts as parts of words', () => {
    const row = { prompt: 'für Grüße', chosen: ' Gr', rejected: ' x' };
    expect(replaced({ text: 'Gr', wholeWord: true }, '!', row)).toMatchObject({ prompt: 'für Grüße', chosen: ' !' });
  });

  it('a plain text is found as it is, also if it looks like a pattern, and so is its replacement', () => {
    const row = { prompt: 'a.b (c) $1', chosen: ' axb', rejected: ' -' };
    expect(replaced({ text: 'a.b (c)' }, '$1\\n', row)).toEqual({ ...row, prompt: '$1\\n $1' });
    expect(replaced({ text: '-', wholeWord: true }, '/', row)).toEqual({ ...row, rejected: ' /' });
  });

  it('a regular expression has groups, by number and by name, and escapes', () => {
    const row = { prompt: 'Ann Lee', chosen: ' x', rejected: ' y' };
    const by = (text: string, replacement: string): unknown =>
      (replaced({ text, isRegex: true }, replacement, row) as typeof row).prompt;
    expect(by('(\\w+) (\\w+)', '$2, $1')).toBe('Lee, Ann');
    expect(by('(?<first>Ann)', '<$<first>> $& $0 $$ $2 $12\\n')).toBe('<Ann> Ann Ann $ $2 Ann2\n Lee');
    expect(by('Ann( X)?', '[$1]')).toBe('[] Lee');
    expect(by('^', '> ')).toBe('> Ann Lee');
  });

  it('only in the field that is asked for; a judged answer is chosen if its label is good', () => {
    expect(replaced({ text: 'cat', field: 'chosen' }, 'x', pair)).toEqual({ ...pair, chosen: ' x' });
    const judged = { prompt: 'a', completion: ' a', label: false };
    expect(replaced({ field: 'rejected' }, 'x', judged)).toEqual({ ...judged, completion: ' x' });
    expect(replaced({ field: 'chosen' }, 'x', judged)).toEqual({ kind: 'same', matches: 0 });
    expect(replaced({ field: 'prompt' }, 'x', judged)).toEqual({ ...judged, prompt: 'x' });
    const chat = {
      prompt: [
        { role: 'system', content: 'a' },
        { role: 'user', content: 'a' },
      ],
      chosen: [{ role: 'assistant', content: 'a' }],
      rejected: [{ role: 'assistant', content: 'b' }],
    };
    expect(replaced({ field: 'system' }, 'x', chat)).toEqual({
      ...chat,
      prompt: [{ role: 'system', content: 'x' }, chat.prompt[1]],
    });
  });

  it('and every other byte of the line stays', () => {
    const line = '{ "id" : 12345678901234567890, "prompt":"a\\u00e9\\/", "chosen" : "b", "rejected":"c" , "x": 1.0 }';
    const outcome = run({ kind: 'replace', search: { ...plain, text: 'b' }, replacement: 'B' }, line);
    expect(outcome).toEqual({ kind: 'changed', line: line.replace('"b"', '"B"'), matches: 1 });
  });

  it.each(Object.entries(formatRows))('in rows of %s, which read as meant then', (_, row) => {
    const outcome = run({ kind: 'replace', search: { ...plain, text: 'Q' }, replacement: 'Quite new' }, row);
    expect(outcome).toMatchObject({ kind: 'changed' });
    const before = readPair(JSON.stringify(row), detectAll);
    const after = readPair(outcome.kind === 'changed' ? outcome.line : '', detectAll);
    const content = (result: typeof before): string =>
      JSON.stringify(result.kind === 'pair' ? result.pair : result.kind === 'judged' ? result.answer : result);
    expect(content(after)).toBe(content(before).replaceAll('Q', 'Quite new'));
  });

  it('with the same text, the row stays as it is', () => {
    expect(replaced({ text: 'CAT', matchCase: true }, 'CAT', pair)).toEqual({ kind: 'same', matches: 1 });
  });

  it('a preview shows the first match, and why a row cannot be changed', () => {
    const row = { prompt: `${'long '.repeat(20)}cat\nand`, chosen: ' cat', rejected: ' x' };
    expect(run({ kind: 'preview', search: { ...plain, text: 'cat' }, replacement: 'dog' }, row)).toEqual({
      kind: 'shown',
      matches: 2,
      refusal: null,
      first: { side: 'prompt', before: `…${'long '.repeat(6)}`, match: 'cat', replacement: 'dog', after: '⏎and' },
    });
    const transcript = { chosen: '\n\nHuman: Q\n\nAssistant: a', rejected: '\n\nHuman: Q\n\nAssistant: b' };
    const search = { ...plain, text: 'Q' };
    expect(run({ kind: 'preview', search, replacement: '1\n\nHuman: 2' }, transcript)).toMatchObject({
      kind: 'shown',
      refusal: 'not-in-format',
    });
  });
});

describe('rows that cannot be changed say why, if they have matches', () => {
  const search = { ...plain, text: 'e' };
  it.each(Object.entries(listRows))('lists of answers: %s', (_, row) => {
    const text = { ...plain, text: '[a-z]', isRegex: true };
    expect(run({ kind: 'replace', search: text, replacement: 'x' }, row)).toMatchObject({
      kind: 'refused',
      refusal: 'list',
    });
  });
  it('rows without a pair, blank lines without a match', () => {
    expect(run({ kind: 'find', search }, '{"e": 1}')).toEqual({ kind: 'refused', refusal: 'no-pair', matches: 1 });
    expect(run({ kind: 'find', search: { ...search, field: 'prompt' } }, '{"e": 1}')).toEqual({
      kind: 'same',
      matches: 0,
    });
    expect(run({ kind: 'find', search: { ...search, text: '^', isRegex: true } }, ' ')).toEqual({
      kind: 'same',
      matches: 0,
    });
  });
});

describe('a search', () => {
  it('that is not a regular expression is an error in plain words', () => {
    expect(patternProblem({ ...plain, text: '(', isRegex: true })).toMatch(/^This is not a regular expression: /);
    expect(patternProblem({ ...plain, text: '(' })).toBeNull();
  });

  it('for a plain text never misses a row whose bytes are searched first', () => {
    const seed = Date.now();
    const random = seededRandom(seed);
    const letters = ['a', 'B', 'k', 'S', ' ', '\n', '"', '\\', '/', 'é', 'ſ', '-', '(', '.'];
    const text = (length: number): string =>
      Array.from({ length }, () => letters[Math.floor(random() * letters.length)]).join('');
    for (let i = 0; i < 3000; i++) {
      const search = { ...plain, text: text(2), matchCase: random() < 0.5 };
      const word = commonWord(search);
      const inner = { messages: [{ role: 'user', content: 'Q' }] };
      const answer = (content: string): string =>
        JSON.stringify({ messages: [...inner.messages, { role: 'assistant', content }] });
      const row = { chosen: answer(text(12)), rejected: answer(text(12)) };
      const line = JSON.stringify(row);
      const found = run({ kind: 'find', search }, line).matches > 0;
      if (found && word !== null) expect(searchable(line), `seed ${seed}`).toContain(word);
      expect(patternOf(search).global).toBe(true);
    }
  });
});

describe('white space is trimmed', () => {
  it('at both ends of the texts of a chat; in plain texts the start of an answer stays', () => {
    const chat = {
      chosen: [
        { role: 'user', content: ' Q\n' },
        { role: 'assistant', content: ' a ' },
      ],
    };
    const row = { ...chat, rejected: [chat.chosen[0], { role: 'assistant', content: 'b\n' }] };
    const outcome = run({ kind: 'trim' }, row);
    expect(outcome.kind === 'changed' && JSON.parse(outcome.line)).toEqual({
      chosen: [
        { role: 'user', content: 'Q' },
        { role: 'assistant', content: 'a' },
      ],
      rejected: [
        { role: 'user', content: 'Q' },
        { role: 'assistant', content: 'b' },
      ],
    });
    const text = run({ kind: 'trim' }, { prompt: 'Q: ', chosen: ' a\n', rejected: ' b' });
    expect(text.kind === 'changed' && JSON.parse(text.line)).toEqual({ prompt: 'Q: ', chosen: ' a', rejected: ' b' });
    expect(run({ kind: 'trim' }, pair)).toEqual({ kind: 'same', matches: 0 });
  });
});

describe('the weight of a row', () => {
  it('is written into its column; the weight 1 of a row without one is not', () => {
    const outcome = run({ kind: 'weight', weight: 0.5 }, pair);
    expect(outcome).toMatchObject({ line: JSON.stringify({ ...pair, weight: 0.5 }) });
    expect(run({ kind: 'weight', weight: 1 }, pair)).toEqual({ kind: 'same', matches: 0 });
    expect(run({ kind: 'weight', weight: 1 }, { ...pair, weight: 2 })).toMatchObject({
      line: JSON.stringify({ ...pair, weight: 1 }),
    });
  });

  it('is written where a person said that it is', () => {
    const reading = withColumns({ prompt: 'q', chosen: 'a', rejected: 'b', weight: 'meta.w' });
    const outcome = changerOf({ kind: 'weight', weight: 2 })('{"q":"Q","a":"x","b":"y","meta":{"w":1}}', reading);
    expect(outcome).toMatchObject({ line: '{"q":"Q","a":"x","b":"y","meta":{"w":2}}' });
  });

  it('of a row that holds no pair is refused', () => {
    expect(run({ kind: 'weight', weight: 2 }, '{}')).toMatchObject({ kind: 'refused', refusal: 'no-pair' });
  });
});

it('a swap exchanges the answers, or says why it cannot', () => {
  expect(run({ kind: 'swap' }, pair)).toMatchObject({
    line: JSON.stringify({ ...pair, chosen: pair.rejected, rejected: pair.chosen }),
  });
  expect(run({ kind: 'swap' }, 'no JSON')).toMatchObject({ kind: 'refused', refusal: 'no-pair' });
});
