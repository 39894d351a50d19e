import { describe, expect, it } from 'vitest';
import { detectAll } from '../../../src/pairs/reading';
import { readRow } from '../../../src/pairs/readRow';
import { rowParts } from '../../../src/pairs/rowParts';

const partsOf = (row: object | string): readonly unknown[] => {
  const line = typeof row === 'string' ? row : JSON.stringify(row);
  return rowParts(readRow(line, detectAll), line).map(({ name, text }) => [name, text]);
};

describe('the texts of a row', () => {
  it('are the prompt and both answers of a pair', () => {
    expect(partsOf({ prompt: 'Q', chosen: 'a', rejected: 'b' })).toEqual([
      ['prompt', 'Q'],
      ['chosen', 'a'],
      ['rejected', 'b'],
    ]);
  });

  it('name the role of each turn where there are several', () => {
    const prompt = [
      { role: 'system', content: 'S' },
      { role: 'user', content: 'Q' },
    ];
    const answer = (content: string): object[] => [{ role: 'assistant', content }];
    expect(partsOf({ prompt, chosen: answer('a'), rejected: answer('b') })).toEqual([
      ['prompt', 'system: S\n\nuser: Q'],
      ['chosen', 'a'],
      ['rejected', 'b'],
    ]);
  });

  it('are the prompt and the completion of a judged answer', () => {
    expect(partsOf({ prompt: 'Q', completion: 'a', label: true })).toEqual([
      ['prompt', 'Q'],
      ['completion', 'a'],
    ]);
  });

  it('are the line itself if it holds no answer', () => {
    expect(partsOf('{"a": 1}')).toEqual([['line', '{"a": 1}']]);
    expect(partsOf('broken {')).toEqual([['line', 'broken {']]);
  });
});
