import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { at } from '../../../src/base/pure/must';
import { pairKey } from '../../../src/jsonl/node/pairKey';
import { type Mark, newMark } from '../../../src/pairs/marks/mark';
import { markLine } from '../../../src/pairs/marks/markLines';
import { readPair } from '../../../src/pairs/readPair';
import { detectAll } from '../../../src/pairs/reading';

/** Files for the commands whose JSON is compared with their schemas. */

export async function writeLines(file: string, lines: readonly string[]): Promise<void> {
  await writeFile(file, lines.map((line) => `${line}\n`).join(''));
}

/** The lines of the sample. */
export async function sampleRows(): Promise<readonly string[]> {
  return (await readFile('media/sample/prefs.jsonl', 'utf8')).trimEnd().split('\n');
}

/** The sample, a part of it, another version of it, and configs. */
export async function makeRows(here: string): Promise<void> {
  await cp('media/sample', here, { recursive: true });
  const rows = await sampleRows();
  const write = (name: string, lines: readonly string[]): Promise<void> => writeLines(join(here, name), lines);
  const json = (value: object): readonly string[] => [JSON.stringify(value)];
  const config = { model_name_or_path: 'model', train_file: 'prefs.jsonl', use_peft: true, backend: 'trl' };
  await write('trl.train.json', json(config));
  await mkdir(join(here, '.margin'));
  const mine = { template: 'slurm', settings: { partition: 'x' }, tokens_per_second: 1000, price_per_hour: 3 };
  await write('.margin/targets.json', json({ mine }));
  await write('few.jsonl', rows.slice(0, 4));
  // A run scores all its rows at the end, so the runs here have a tenth of the sample's.
  await write('part.jsonl', rows.slice(0, 60));
  const sample = JSON.parse(await readFile('media/sample/sample.train.json', 'utf8')) as object;
  await write('part.train.json', json({ ...sample, train_file: 'part.jsonl', eval_file: 'few.jsonl' }));
  await write('other.jsonl', [
    ...rows.slice(0, 4),
    (rows[4] ?? '').replace('."', '!"'),
    ...rows.slice(6),
    rows[5] ?? '',
  ]);
  await write('short.rule.json', json({ about: 'short answers', phrases: {}, per_word: -0.1, words: 1 }));
  await write('round.train.json', json({ max_steps: 1, use_peft: true }));
}

/** Rows of other kinds: with problems, with a contradiction, judged ones, and those of a benchmark. */
export async function makeMixed(here: string): Promise<void> {
  const row = (rest: object): string => JSON.stringify({ prompt: 'Why is it so?', ...rest });
  const write = (name: string, lines: readonly string[]): Promise<void> => writeLines(join(here, name), lines);
  await write('bad.jsonl', [
    row({ chosen: 'b', rejected: 'c', x: 'u' }),
    'no',
    row({ chosen: 'b', rejected: 'b', x: 'v' }),
  ]);
  await write('disputed.jsonl', [row({ chosen: 'b', rejected: 'c' }), row({ chosen: 'c', rejected: 'b' })]);
  await write('judged.jsonl', [row({ completion: 'b', label: true })]);
  const asked = [1, 2, 3].map((n) =>
    row({ question: `Is it ${n}?`, chosen: `It is ${n}, and so on.`, rejected: 'No.' }),
  );
  await write('asked.jsonl', asked);
  const subsets = ['hep-go', 'hep-go', 'math-prm'];
  await write(
    'bench.jsonl',
    subsets.map((subset, i) => row({ chosen: `It is ${i}.`, rejected: 'No.', subset })),
  );
}

/** Rows that two reviewers judged blind, with a disagreement that somebody decided, and a damaged line. */
export async function makeReviewed(here: string): Promise<void> {
  const rows = [0, 1, 2].map((i) => JSON.stringify({ prompt: `Q${i}`, chosen: 'a', rejected: 'b' }));
  const mark = (row: number, by: string, part: Partial<Mark>): string => {
    const read = readPair(at(rows, row), detectAll);
    const key = read.kind === 'pair' ? pairKey(read.pair) : '';
    return markLine({ ...newMark(key, by), at: '2026-11-29T12:00:00Z', blind: true, first: 'chosen', ...part });
  };
  await writeLines(join(here, 'seen.jsonl'), rows);
  await writeLines(join(here, 'seen.marks.jsonl'), [
    ...[0, 1].map((row) => mark(row, 'anna', { verdict: 'keep', tags: ['code'], dimensions: { helpful: row } })),
    ...[0, 1].map((row) => mark(row, 'ben', { verdict: row === 0 ? 'swap' : 'keep', dimensions: { helpful: 1 } })),
    mark(0, 'anna', { verdict: 'swap', adjudicates: true, at: '2026-11-29T13:00:00Z' }),
    '{"kind":"mark","key":"?"}',
  ]);
}
