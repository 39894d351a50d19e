import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { at } from '../../../src/base/pure/must';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { pairKey } from '../../../src/jsonl/node/pairKey';
import { readPair } from '../../../src/pairs/readPair';
import { detectAll } from '../../../src/pairs/reading';
import { CommandLine } from './commandLine';

const program = new CommandLine();
const [count, flippedEvery] = [120, 10];
const random = seededRandom(3);
const isFlipped = (row: number): boolean => row % flippedEvery === 0;
const rows = Array.from({ length: count }, (_, i) => ({
  prompt: `Question ${i}`,
  chosen: `good ${i}`,
  rejected: `bad ${i}`,
  source: i < count / 2 ? 'anna' : 'ben',
}));

function keyOf(row: object): string {
  const read = readPair(JSON.stringify(row), detectAll);
  return read.kind === 'pair' ? pairKey(read.pair) : '';
}

/** A line of rewards with a margin. */
function reward(row: number, margin: number): string {
  const side = (value: number): object => ({ logp: value - 10, ref_logp: -10, reward: value, tokens: 5 });
  const [chosen, rejected] = [side(margin), side(0)];
  return JSON.stringify({ row, line: row + 1, key: keyOf(at(rows, row)), chosen, rejected, margin });
}

const margins = rows.map((_, row) => (isFlipped(row) ? -1 : 1) * (1 + random()));

async function write(name: string, lines: readonly string[]): Promise<string> {
  await writeFile(join(program.folder, name), `${lines.join('\n')}\n`);
  return name;
}

const written = async (name: string): Promise<string> =>
  write(
    name,
    rows.map((row) => JSON.stringify(row)),
  );

it('suspects says of each row whether its label is probably flipped, and how many are', async () => {
  const file = await written('rows.jsonl');
  const run = await write(
    'a.rewards',
    margins.map((margin, row) => reward(row, margin)),
  );
  const other = await write(
    'b.rewards',
    margins.map((margin, row) => reward(row, 2 * margin + 0.1)),
  );
  const { code, json } = await program.runHere(['suspects', file, '--run', run, other, '--json']);
  expect(code).toBe(0);
  const told = json().filter((line) => !('progress' in line));
  expect(told).toHaveLength(count + 1);
  for (const [row, line] of told.slice(0, count).entries())
    expect(line).toMatchObject({ row, line: row + 1, verdict: isFlipped(row) ? 'flipped' : 'clean' });
  expect(Object.keys(at(told, 0))).toEqual([
    ...['row', 'line', 'key', 'verdict', 'probability', 'margin', 'reasons', 'spread', 'margins'],
  ]);
  expect(at(told, 0)['reasons']).toEqual([
    expect.stringMatching(/^the margin is below 0 in 2 of 2 measurements/) as unknown,
  ]);
  const last = at(told, count);
  expect(last).toMatchObject({
    noise: {
      rows: count,
      flipped: count / flippedEvery,
      ties: 0,
      groups: [{ column: 'source' }, { column: 'source' }],
    },
    measurements: [{ step: null }, { step: null }],
    unscored: { count: 0, lines: [] },
    others: 0,
    written: null,
  });
  const { rate, low, high } = last['noise'] as { readonly rate: number; readonly low: number; readonly high: number };
  expect(Math.abs(rate - 1 / flippedEvery)).toBeLessThan(0.03);
  expect(low).toBeLessThan(1 / flippedEvery);
  expect(high).toBeGreaterThan(1 / flippedEvery);
});

it('suspects counts and names the rows that no run scored, and those without two answers', async () => {
  const file = await write('more.jsonl', [
    ...rows.map((row) => JSON.stringify(row)),
    JSON.stringify({ prompt: 'new', chosen: 'a', rejected: 'b' }),
    JSON.stringify({ prompt: 'judged', completion: 'c', label: true }),
  ]);
  const run = await write(
    'a.rewards',
    margins.map((margin, row) => reward(row, margin)),
  );
  const { code, out, err } = await program.runHere(['suspects', file, '--run', run]);
  expect(code).toBe(0);
  expect(out).toMatch(
    /^About \d+\.\d % of 120 labels are flipped \(\d+\.\d % to \d+\.\d %\): 12 suspected, and 0 ties\./,
  );
  expect(err).toContain('1 pair has no verdict, because no run scored it: line 121.');
  expect(err).toContain('1 row has no verdict, because it does not hold two answers.');
});

it('suspects writes a file without the rows that are probably flipped, and keeps the bytes of the others', async () => {
  const lines = rows.map((row, i) => (i === 1 ? ` ${JSON.stringify(row)} ` : JSON.stringify(row)));
  const file = await write('out.jsonl', lines);
  const run = await write(
    'a.rewards',
    margins.map((margin, row) => reward(row, margin)),
  );
  const { code, err } = await program.runHere(['suspects', file, '--run', run, '--out', 'kept.jsonl']);
  expect(code).toBe(0);
  expect(err).toContain('kept.jsonl: 108 rows written, 12 left out');
  const kept = await readFile(join(program.folder, 'kept.jsonl'), 'utf8');
  expect(kept).toBe(`${lines.filter((_, row) => !isFlipped(row)).join('\n')}\n`);
  const same = await program.runHere(['suspects', file, '--run', run, '--out', file]);
  expect(same).toMatchObject({ code: 1 });
});

it('suspects --save keeps the lines of --json beside the file', async () => {
  const file = await written('kept.jsonl');
  const run = await write(
    'a.rewards',
    margins.map((margin, row) => reward(row, margin)),
  );
  const { code, json } = await program.runHere(['suspects', file, '--run', run, '--json', '--save']);
  expect(code).toBe(0);
  const saved = join('.margin', 'suspects', 'kept.jsonl');
  const told = json().filter((line) => !('progress' in line));
  expect(at(told, count)['saved']).toContain(saved);
  const lines = (await readFile(join(program.folder, saved), 'utf8')).trimEnd().split('\n');
  expect(lines.slice(0, -1).map((line) => JSON.parse(line) as unknown)).toEqual(told.slice(0, count));
  expect(JSON.parse(at(lines, count))).toMatchObject({
    noise: { rows: count },
    measurements: [{ size: expect.any(Number) }],
  });
});

it('query finds rows by what a search has saved, also after a swap, and says how to search', async () => {
  const file = await written('asked.jsonl');
  const count = async (name: string, ...asked: readonly string[]): Promise<unknown> =>
    (await program.runHere(['query', name, ...asked, '--count', '--json'])).json();
  const none = await program.runHere(['query', file, 'suspect:>0.5']);
  expect(none).toMatchObject({ code: 1, err: expect.stringContaining('--save') as unknown });
  const run = await write(
    'a.rewards',
    margins.map((margin, row) => reward(row, margin)),
  );
  await program.runHere(['suspects', file, '--run', run, '--save']);
  expect(await count(file, 'suspect:>0.5')).toEqual([{ rows: 12 }]);
  expect(await count(file, 'suspected:clean source:="anna"')).toEqual([{ rows: 54 }]);
  const sorted = await program.runHere(['query', file, '', '--sort=-suspect', '--limit', '1']);
  expect(sorted.out).toContain(`"prompt":"Question `);
  const swapped = rows.map((row, i) =>
    JSON.stringify(i === 0 ? { ...row, chosen: row.rejected, rejected: row.chosen } : row),
  );
  await write('asked.jsonl', swapped);
  expect(await count(file, 'suspected:flipped')).toEqual([{ rows: 11 }]);
});

it('suspects finds pairs whose answers were exchanged since they were scored', async () => {
  const file = await write(
    'swapped.jsonl',
    rows.map((row, i) => JSON.stringify(i === 5 ? { ...row, chosen: row.rejected, rejected: row.chosen } : row)),
  );
  const run = await write(
    'a.rewards',
    margins.map((margin, row) => reward(row, margin)),
  );
  const { json } = await program.runHere(['suspects', file, '--run', run, '--json']);
  expect(json().find(({ row }) => row === 5)).toMatchObject({ verdict: 'flipped' });
});

it('suspects tells the reason of a contradiction by its line', async () => {
  const opposite = { ...at(rows, 7), chosen: at(rows, 7).rejected, rejected: at(rows, 7).chosen };
  const file = await write('against.jsonl', [...rows.map((row) => JSON.stringify(row)), JSON.stringify(opposite)]);
  const run = await write(
    'a.rewards',
    margins.map((margin, row) => reward(row, margin)),
  );
  const { json } = await program.runHere(['suspects', file, '--run', run, '--json']);
  expect(json().find(({ row }) => row === count)).toMatchObject({
    verdict: 'flipped',
    reasons: expect.arrayContaining(['line 8 has the same answers and prefers the other one']) as unknown,
  });
});

it('suspects refuses runs of another file, too few rows, and margins that are all 0', async () => {
  const file = await written('rows.jsonl');
  const none = await write('none.rewards', [reward(0, 1).replace(keyOf(at(rows, 0)), '0123456789abcdef')]);
  const other = await program.runHere(['suspects', file, '--run', none]);
  expect(other).toMatchObject({ code: 1, out: '' });
  expect(other.err).toContain('The runs scored none of the 120 pairs');
  const few = await write('few.rewards', [reward(0, 1), reward(1, 1)]);
  expect((await program.runHere(['suspects', file, '--run', few])).err).toContain('has 2 scored pairs');
  const zero = await write(
    'zero.rewards',
    margins.map((_, row) => reward(row, 0)),
  );
  expect((await program.runHere(['suspects', file, '--run', zero])).err).toContain('All margins are 0');
  expect((await program.runHere(['suspects', file])).code).toBe(2);
  await mkdir(join(program.folder, 'empty'), { recursive: true });
  expect((await program.runHere(['suspects', file, '--run', 'empty'])).err).toContain('is not a run folder');
});
