import { readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { foldsOf } from '../../../src/cli/crossFit';
import { detectAll } from '../../../src/pairs/reading';
import { failureOf } from '../model/files';
import { CommandLine } from './commandLine';

const program = new CommandLine();
const model = resolve('media/sample/model');
const count = 64;
const args = ['suspects', 'rows.jsonl', '--model', model, '--runs', '1', '--cross_fit', '2', '--json'];
let file = '';

beforeAll(async () => {
  file = join(program.folder, 'rows.jsonl');
  const lines = readFileSync('media/sample/prefs.jsonl', 'utf8').split('\n').slice(0, count);
  await writeFile(file, `${lines.join('\n')}\n`);
});

const linesOf = async (path: string): Promise<string[]> => (await readFile(path, 'utf8')).trim().split('\n');
const promptsOf = (lines: readonly string[]): Set<string> =>
  new Set(lines.map((line) => JSON.stringify((JSON.parse(line) as { prompt: unknown }).prompt)));

it('each row is in one fold, and no prompt is in a fold and in its rest', async () => {
  const all = await linesOf(file);
  const folds = await foldsOf(file, detectAll, 3);
  const held: string[] = [];
  for (const fold of folds) {
    const [own, rest] = [await linesOf(fold.held), await linesOf(fold.train)];
    held.push(...own);
    expect([...own, ...rest].sort()).toEqual(all.toSorted());
    const others = promptsOf(rest);
    expect([...promptsOf(own)].filter((prompt) => others.has(prompt))).toEqual([]);
  }
  expect(held.sort()).toEqual(all.toSorted());
});

it('a file with one prompt has no folds', async () => {
  const one = join(program.folder, 'one.jsonl');
  const [line = ''] = await linesOf(file);
  await writeFile(one, `${line}\n${line}\n`);
  expect(await failureOf(foldsOf(one, detectAll, 2))).toMatchObject({ code: 'empty-split' });
});

it('with --cross_fit every row is scored by the run that did not train on it', async () => {
  const first = await program.run(args);
  expect(first.code, first.err).toBe(0);
  expect(first.err).toMatch(/2 runs on \d+ rows: about .+ each with scoring, .+ in all/);
  const lines = first.json();
  expect(lines).toContainEqual({ price: expect.objectContaining({ runs: 2 }) });
  const rows = lines.filter((line) => 'verdict' in line);
  expect(rows).toHaveLength(count);
  for (const { margins } of rows)
    expect(margins).toSatisfy((all: readonly (number | null)[]) => all.filter((one) => one !== null).length === 1);
  const made = await readdir(join(program.folder, '.margin', 'runs'));
  expect(made).toHaveLength(2);
  const again = await program.run(args);
  expect(again.err).toContain('2 runs of this model and these rows are scored already, and are used.');
  expect(again.json()).toEqual(lines.filter((line) => 'verdict' in line || 'noise' in line));
});
