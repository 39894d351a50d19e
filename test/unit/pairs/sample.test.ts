import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkLine } from '../../../src/pairs/checks';
import { detectAll } from '../../../src/pairs/reading';

it('finds exactly the planted mistakes in the sample', () => {
  const lines = readFileSync('media/sample/prefs.jsonl', 'utf8').trimEnd().split('\n');
  const planted: Record<string, unknown> = JSON.parse(readFileSync('media/sample/planted.json', 'utf8'));
  const found = new Map<string, number[]>();
  lines.forEach((line, row) =>
    checkLine(line, detectAll).forEach(({ code }) => found.set(code, [...(found.get(code) ?? []), row + 1])),
  );
  expect(Object.fromEntries(found)).toEqual({
    'empty-answer': planted['empty'],
    'identical-answers': planted['identical'],
    'truncated-answer': planted['truncated'],
  });
});
