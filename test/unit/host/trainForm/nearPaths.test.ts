import { sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nearPaths } from '../../../../src/host/trainForm/nearPaths';

const path = (...parts: readonly string[]): string => sep + parts.join(sep);

describe('a sentence about files near a config', () => {
  it('names them from the folder of the config, and others as before', () => {
    const [near, far] = [path('home', 'ann', 'pairs.jsonl'), path('home', 'annex', 'pairs.jsonl')];
    const text = `1 row of ${near} has a prompt of ${near}, and ${far} has none`;
    const folder = path('home', 'ann');
    expect(nearPaths(text, folder)).toBe(`1 row of pairs.jsonl has a prompt of pairs.jsonl, and ${far} has none`);
  });

  it('takes a root folder', () => {
    expect(nearPaths(`Cannot read ${path('a.jsonl')}`, sep)).toBe('Cannot read a.jsonl');
  });
});
