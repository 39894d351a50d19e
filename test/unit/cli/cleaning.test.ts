import { readFileSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { pairKey } from '../../../src/jsonl/node/pairKey';
import { readPairs } from '../../../src/jsonl/node/readPairs';
import { readCleaning } from '../../../src/jsonl/node/suspects/cleaningFile';
import { detectAll } from '../../../src/pairs/reading';
import { failureOf } from '../model/files';
import { CommandLine } from './commandLine';

const program = new CommandLine();
const model = resolve('media/sample/model');
const count = 120;
let file = '';
const options = ['--model', model, '--seeds', '1', '--epochs', '1', '--eval', '0.3', '--json'];
const plain = ['cleaning', 'rows.jsonl', ...options];
const withRun = [...plain, '--run', 'margins.jsonl'];
const inSplit = (name: string): string => join(program.folder, '.margin', 'suspects', 'rows.cleaning', name);
const runs = async (): Promise<string[]> =>
  (await readdir(join(program.folder, '.margin', 'runs'))).map((name) => name.replace(/^\d+-\d+-/, '')).sort();
const result = (lines: readonly object[]): object => lines.find((line) => 'verdict' in line) ?? {};

type Row = Readonly<Record<string, unknown>>;
const rowsOf = async (path: string): Promise<Row[]> =>
  (await readFile(path, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
/** The rows whose answers were exchanged are marked. */
const isFlipped = ({ flipped }: Row): boolean => flipped === true;

const withoutWeight = (row: Row): Row => Object.fromEntries(Object.entries(row).filter(([key]) => key !== 'weight'));

/** A file of rewards that knows which rows were exchanged. */
async function writeMargins(of: string): Promise<void> {
  const random = seededRandom(3);
  const side = { logp: -1, ref_logp: -1, reward: 0, tokens: 4 };
  const lines: string[] = [];
  for await (const { row, line, value, result: read } of readPairs(of, { reading: detectAll })) {
    if (read.kind !== 'pair') continue;
    const margin = (isFlipped(value as Row) ? -1 : 1) * (1 + 0.2 * random());
    lines.push(JSON.stringify({ row, line, key: pairKey(read.pair), chosen: side, rejected: side, margin }));
  }
  await writeFile(join(program.folder, 'margins.jsonl'), `${lines.join('\n')}\n`);
}

beforeAll(async () => {
  file = join(program.folder, 'rows.jsonl');
  const lines = readFileSync('media/sample/prefs.jsonl', 'utf8').split('\n').slice(0, count);
  const rows = lines.map((line, i) => {
    const { chosen, rejected, ...row } = JSON.parse(line) as Row;
    return i % 5 === 0 ? { ...row, chosen: rejected, rejected: chosen, flipped: true } : { ...row, chosen, rejected };
  });
  await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
});

it('cleaning says what its runs take before it trains', async () => {
  const price = await program.run([...plain, '--dry_run']);
  expect(price.code, price.err).toBe(0);
  expect(price.err).toMatch(/At most 5 runs on \d\d rows: about .+ in all; .+ Ctrl\+C stops and keeps what is done/);
  expect(price.json()).toMatchObject([{ price: { runs: 5 } }]);
});

it('cleaning refuses runs and files that would give held-out labels away', async () => {
  await writeMargins(file);
  const seen = await program.runHere(withRun);
  expect(seen).toMatchObject({ code: 1 });
  expect(seen.err).toContain('which is held out');
  await writeFile(join(program.folder, 'held.jsonl'), await readFile(inSplit('rows.eval.jsonl')));
  const shared = await program.runHere([...plain, '--eval_file', 'held.jsonl']);
  expect(shared).toMatchObject({ code: 1 });
  expect(shared.err).toMatch(/rows of .+held\.jsonl have a prompt that .+rows\.jsonl has too/);
});

it('cleaning trains what is missing, saves what it finds, and trains nothing twice', async () => {
  await writeMargins(inSplit('rows.train.jsonl'));
  const first = await program.run(withRun);
  expect(first.code, first.err).toBe(0);
  const found = result(first.json());
  expect(found).toMatchObject({ version: 1, seeds: 1, held: { clean: null }, arms: [{}, {}, {}], gains: [{}, {}] });
  expect(await runs()).toEqual(['as-is-1', 'cleaned-1', 'random-1']);
  expect(await readCleaning(file)).toEqual(found);
  const again = await program.run(withRun);
  expect(again.err).toContain('All runs that are needed are there, and are used.');
  expect(again.json()).toEqual([{ ...found, created: expect.any(Number) }]);
  expect(await runs()).toHaveLength(3);
});

it('the runs differ only in the weights of rows, and as many are left out by lot as are suspected', async () => {
  const all = await rowsOf(inSplit('rows.train.jsonl'));
  const planted = all.filter(isFlipped).length;
  expect((await readCleaning(file)).train).toMatchObject({ rows: all.length, flipped: planted });
  for (const [name, same] of [
    ['cleaned.jsonl', true],
    ['random-1.jsonl', false],
  ] as const) {
    const rows = await rowsOf(inSplit(name));
    expect(rows.map(withoutWeight)).toEqual(all);
    const left = rows.filter(({ weight }) => weight === 0);
    expect(left).toHaveLength(planted);
    expect(left.every(isFlipped)).toBe(same);
  }
});

it('no prompt is on both sides', async () => {
  const prompts = async (name: string): Promise<Set<string>> =>
    new Set((await rowsOf(inSplit(name))).map(({ prompt }) => JSON.stringify(prompt)));
  const held = await prompts('rows.eval.jsonl');
  expect([...(await prompts('rows.train.jsonl'))].filter((prompt) => held.has(prompt))).toEqual([]);
});

it('a damaged result is named, and a missing one too', async () => {
  const path = join(program.folder, '.margin', 'suspects', 'rows.cleaning.json');
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace('"verdict": "', '"verdict": "x'));
  expect(await failureOf(readCleaning(file))).toMatchObject({ code: 'corrupt' });
  await writeFile(path, text.replace('"version": 1', '"version": 2'));
  expect(await failureOf(readCleaning(file))).toMatchObject({ code: 'newer' });
  await rm(path);
  expect(await failureOf(readCleaning(file))).toMatchObject({ code: 'missing' });
});
