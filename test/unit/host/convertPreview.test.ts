import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { must } from '../../../src/base/pure/must';
import { previewOf } from '../../../src/host/convert/preview';
import { detectAll } from '../../../src/pairs/reading';
import { targets } from '../../../src/pairs/convert/table';
import { temporaryFolder } from '../jsonl/temporaryFolder';

const folder = temporaryFolder();

it('a preview shows the first three rows, and the report of the first thousand', async () => {
  const file = path.join(folder, 'pairs.jsonl');
  const row = (i: number): string => `{"prompt": "Q${i}", "chosen": "a", "rejected": "b", "id": ${i}}\n`;
  writeFileSync(file, Array.from({ length: 1500 }, (_, i) => row(i)).join(''));
  const openai = must(
    targets.find(({ id }) => id === 'openai'),
    'openai',
  );
  const { summary, text } = await previewOf(file, detectAll, openai, { prompt: 'explicit', style: null });
  expect(summary).toContain('1000 rows written to JSON Lines; parts of 1000 rows not carried');
  expect(text).toContain('// Of the first 1000 rows:\n// 1000 rows read, 1000 written\n');
  expect(text).toContain('// not carried: 1000 rows: The column "id". (pairs.jsonl:1, 2, 3, 4, 5, …)\n');
  expect(text.match(/"preferred_output"/g)?.length).toBe(3);
  expect(text).toContain('"content": "Q2"');
  expect(text).not.toContain('"content": "Q3"');
});

it('a preview of lists names the rule that makes their pairs, and one of pairs does not', async () => {
  const file = path.join(folder, 'lists.jsonl');
  writeFileSync(file, '{"prompt": "Q", "responses": ["a", "b", "c"], "scores": [3, 2, 1]}\n');
  const [target] = targets;
  const reading = { ...detectAll, rule: { name: 'gap', gap: 0.5, ties: 'keep' } } as const;
  const { text } = await previewOf(file, reading, target, { prompt: 'explicit', style: null });
  expect(text).toContain('pair rule: gap (0.5 or more), ties kept');
  expect(text).toContain('// 1 row read, 3 written\n');
  writeFileSync(file, '{"prompt": "Q", "chosen": "a", "rejected": "b"}\n');
  const plain = await previewOf(file, reading, target, { prompt: 'explicit', style: null });
  expect(plain.text).not.toContain('pair rule');
});
