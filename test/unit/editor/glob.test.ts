import { describe, expect, it } from 'vitest';
import { matchesGlob } from '../../../src/editor/glob';

describe('a pattern of the setting margin.columns', () => {
  it.each([
    ['pairs.jsonl', 'data/pairs.jsonl', true],
    ['*.jsonl', 'a/b/pairs.jsonl', true],
    ['data/*.jsonl', 'data/pairs.jsonl', true],
    ['data/*.jsonl', 'data/old/pairs.jsonl', false],
    ['data/**/*.jsonl', 'data/pairs.jsonl', true],
    ['data/**', 'data/old/pairs.jsonl', true],
    ['{train,test}.jsonl', 'test.jsonl', true],
    ['./a/b?.jsonl', 'a/b1.jsonl', true],
    ['a+b.jsonl', 'a+b.jsonl', true],
    ['a.jsonl', 'axjsonl', false],
  ])('%s and %s: %s', (pattern, path, matches) => {
    expect(matchesGlob(path, pattern)).toBe(matches);
  });
});
