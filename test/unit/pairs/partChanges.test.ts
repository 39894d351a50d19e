import { describe, expect, it } from 'vitest';
import { partChanges } from '../../../src/pairs/compare/partChanges';
import { detectAll } from '../../../src/pairs/reading';
import { readRow } from '../../../src/pairs/readRow';

const row = (value: object | string): Parameters<typeof partChanges>[0] => {
  const line = typeof value === 'string' ? value : JSON.stringify(value);
  return { line, result: readRow(line, detectAll) };
};
const pair = { prompt: 'Hi', chosen: 'Hello!', rejected: 'No.' };

describe('what changed in a row', () => {
  it('is shown by its texts and its other keys', () => {
    const now = { ...pair, chosen: 'Hello.', score: 2, same: 1 };
    const line = JSON.stringify(now).replace('2', '12345678901234567890');
    expect(partChanges(row({ ...pair, chosen: now.chosen }), row(line))[0]?.after).toContain('12345678901234567890');
    expect(partChanges(row({ ...pair, score: 1, same: 1 }), row(now))).toEqual([
      { part: 'chosen', before: 'Hello!', after: 'Hello.' },
      { part: 'columns', before: '{\n  "score": 1\n}', after: '{\n  "score": 2\n}' },
    ]);
  });

  it('is shown by turns with their roles if there are several', () => {
    const turns = (...texts: string[]): object => ({
      prompt: texts.map((content, i) => ({ role: i % 2 === 0 ? 'user' : 'assistant', content })),
      chosen: [{ role: 'assistant', content: 'A' }],
      rejected: [{ role: 'assistant', content: 'B' }],
    });
    expect(partChanges(row(turns('1', '2', '3')), row(turns('1', '2', '4')))).toEqual([
      { part: 'prompt', before: 'user: 1\n\nassistant: 2\n\nuser: 3', after: 'user: 1\n\nassistant: 2\n\nuser: 4' },
    ]);
  });

  it('is the whole row if it holds no pair, or holds something else now', () => {
    expect(partChanges(row('no json'), row(pair))).toEqual([
      { part: 'row', before: 'no json', after: JSON.stringify(pair, null, 2) },
    ]);
    expect(partChanges(row({ a: 1 }), row({ a: 2 }))).toEqual([
      { part: 'row', before: '{\n  "a": 1\n}', after: '{\n  "a": 2\n}' },
    ]);
  });
});
