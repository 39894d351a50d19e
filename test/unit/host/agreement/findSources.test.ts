import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findSources } from '../../../../src/host/agreement/findSources';
import { temporaryFolder } from '../../jsonl/temporaryFolder';

const folder = temporaryFolder();
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const chosen = async (file: string): Promise<readonly string[]> =>
  (await findSources(file, [])).flatMap((source) => (source.chosen ? source.label : []));

it('the columns of one object are annotators, if their values are few; a long text is no label', async () => {
  const rows = Array.from({ length: 30 }, (_, i) =>
    JSON.stringify({ prompt: `p${i}`, chosen: 'a', rejected: 'b', by: { anna: 'keep', ben: i % 2 ? 'keep' : 'swap' } }),
  );
  const file = write('rows.jsonl', rows.join('\n'));
  const sources = await findSources(file, []);
  expect(sources.map(({ id, kind, detail }) => [kind, id, detail])).toEqual([
    ['column', 'by', 'keep, swap'],
    ['column', 'by.anna', 'keep'],
    ['column', 'by.ben', 'keep, swap'],
  ]);
  expect(await chosen(file)).toEqual(['by.anna', 'by.ben']);
});

it('marks files whose names begin as that of the dataset are chosen first; scored models are offered', async () => {
  const file = write('rows.jsonl', '{"prompt": "p", "chosen": "a", "rejected": "b"}\n');
  for (const name of ['rows.marks.jsonl', 'rows.ben.marks.jsonl', 'other.marks.jsonl']) write(name, '');
  mkdirSync(join(folder, '.margin/scores'), { recursive: true });
  write('.margin/scores/rows-sample-step-50-2026-11-25T044159.jsonl', '');
  expect(await chosen(file)).toEqual(['rows.ben.marks.jsonl', 'rows.marks.jsonl']);
  expect((await findSources(file, [])).map(({ kind, label }) => [kind, label])).toEqual([
    ['marks', 'other.marks.jsonl'],
    ['marks', 'rows.ben.marks.jsonl'],
    ['marks', 'rows.marks.jsonl'],
    ['model', 'sample-step-50 · scored 2026-11-25 04:41'],
  ]);
});
