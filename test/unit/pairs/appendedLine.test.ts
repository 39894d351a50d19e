import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { appendedLine } from '../../../src/pairs/appendedLine';
import type { Pair } from '../../../src/pairs/pair';
import { readPair } from '../../../src/pairs/readPair';
import { detectAll } from '../../../src/pairs/reading';
import { formatRows } from './formatRows';

const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });
const pair: Pair = {
  style: 'chat',
  prompt: [user('2 + 2?')],
  chosen: [assistant('4, "four".')],
  rejected: [assistant('5\n')],
};
const long: Pair = {
  ...pair,
  prompt: [{ role: 'system', content: 'Add.' }, user('1 + 1?'), assistant('2'), ...pair.prompt],
};
const textsOf = ({ prompt, chosen, rejected }: Pair): readonly (readonly string[])[] =>
  [prompt, chosen, rejected].map((turns) => turns.map(({ content }) => content));

describe('the line of a new pair', () => {
  it('has the keys, the order and the spacing of the row before it', () => {
    const before = '{"rejected":"b","prompt":"p","chosen":"a"}';
    expect(appendedLine(pair, before, detectAll)).toMatchObject({
      line: '{"rejected":"5\\n","prompt":"2 + 2?","chosen":"4, \\"four\\"."}',
    });
    const [sample = ''] = readFileSync('media/sample/prefs.jsonl', 'utf8').split('\n');
    const { line } = appendedLine(pair, sample, detectAll);
    expect(Object.keys(JSON.parse(line) as object)).toEqual(Object.keys(JSON.parse(sample) as object));
  });

  it('is TRL’s conversational shape where the shape of the row cannot hold all turns', () => {
    const { line, format } = appendedLine(long, '{"prompt":"p","chosen":"a","rejected":"b"}', detectAll);
    expect(format).toContain('as messages');
    expect(JSON.parse(line)).toEqual({ prompt: long.prompt, chosen: pair.chosen, rejected: pair.rejected });
  });

  it.each([
    ['an empty file', null],
    ['text that is not JSON', 'no'],
    ['a judged answer', '{"prompt":"p","completion":"a","label":true}'],
    ['a list of answers', '{"prompt":"p","completions":[{"text":"a","score":1},{"text":"b","score":2}]}'],
  ])('is TRL’s conversational shape after %s', (_, before) => {
    const { line } = appendedLine(pair, before, detectAll);
    expect(JSON.parse(line)).toEqual({ prompt: pair.prompt, chosen: pair.chosen, rejected: pair.rejected });
  });

  it.each(Object.entries(formatRows))('holds all its texts after a row of %s', (_, row) => {
    for (const asked of [pair, long]) {
      const { line } = appendedLine(asked, JSON.stringify(row), detectAll);
      const result = readPair(line, detectAll);
      expect(result.kind).toBe('pair');
      if (result.kind === 'pair') expect(textsOf(result.pair)).toEqual(textsOf(asked));
    }
  });
});
