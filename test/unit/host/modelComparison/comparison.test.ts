import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { must } from '../../../../src/base/pure/must';
import { ComparisonLines, comparisonArguments } from '../../../../src/host/modelComparison/comparisonLines';
import { duelFilter } from '../../../../src/host/modelComparison/duelFilter';
import { pairKey } from '../../../../src/jsonl/node/pairKey';
import { comparisonCsv } from '../../../../src/pairs/comparison/comparisonCsv';
import { queryErrorOf } from '../../../../src/pairs/query/parseQuery';
import { detectAll } from '../../../../src/pairs/reading';
import { readPair } from '../../../../src/pairs/readPair';
import type { ComparedQuery } from '../../../../src/protocol/modelComparison';
import { CommandLine } from '../../cli/commandLine';

const program = new CommandLine();
const rows = Array.from({ length: 60 }, (_, i) => ({
  prompt: `Q${i}`,
  chosen: 'yes',
  rejected: 'no',
  meta: { source: i % 3 === 0 ? 'web' : 'book' },
}));
const names = ['run · step 5', '--odd, name'];

async function compared(options: { readonly slice: string | null }) {
  const write = async (name: string, lines: readonly object[]): Promise<string> => {
    const path = join(program.folder, name);
    await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    return path;
  };
  const side = (value: number): object => ({ logp: value, ref_logp: 0, reward: value, tokens: 1 });
  const rewards = (margin: (i: number) => number): readonly object[] =>
    rows.map((row, i) => {
      const read = readPair(JSON.stringify(row), detectAll);
      const key = read.kind === 'pair' ? pairKey(read.pair) : '';
      return { row: i, line: i + 1, key, chosen: side(margin(i)), rejected: side(0), margin: margin(i) };
    });
  const [id, other] = [
    await write(
      'a.jsonl',
      rewards((i) => (i % 4 === 0 ? -1 - i : 1)),
    ),
    await write(
      'b.jsonl',
      rewards((i) => (i % 5 === 0 ? 0 : 2 + i)),
    ),
  ];
  const models = [id, other].map((path, i) => ({ id: path, label: must(names[i], 'a name') }));
  const file = await write('rows.jsonl', rows);
  const argv = comparisonArguments({ file, reading: detectAll, models, measure: 'reward', ...options });
  const { code, out, err } = await program.runHere(argv);
  expect([code, err]).toEqual([0, '']);
  const lines = new ComparisonLines(models, () => undefined);
  for (const line of out.trim().split('\n')) lines.take(line);
  return { ...lines.comparison(must(lines.result, 'the result')), argv };
}

const flips: ComparedQuery = { first: 0, second: 1, cell: 'flips', slice: null, sort: 'difference', descending: true };

describe('the view of compared models', () => {
  it('has the numbers that margin compare prints', async () => {
    const { result, argv } = await compared({ slice: 'meta.source' });
    const printed = await program.runHere(argv.filter((word) => word !== '--json'));
    for (const name of names) {
      const { accuracy, low, high, ties, mean_margin: mean } = must(result.models[name], 'a model');
      const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
      const cells = [name, percent(accuracy), `${percent(low)} – ${percent(high)}`, String(ties), mean.toFixed(4)];
      const line = printed.out.split('\n').find((one) => one.startsWith(name));
      expect(line?.split(/ {2,}/)).toEqual(cells);
    }
    expect(printed.out).toContain(must(result.duels[0], 'a duel').text);
    expect(result.slices?.map(({ slice, pairs }) => [slice, pairs])).toEqual([
      ['book', 40],
      ['web', 20],
    ]);
  });

  it('lists the pairs of each cell, as many as the table says, by margin, line or difference', async () => {
    const { result, pairs } = await compared({ slice: 'meta.source' });
    const duel = must(result.duels[0], 'a duel');
    for (const cell of ['both_right', 'only_first', 'only_second', 'both_wrong'] as const)
      expect((await pairs.page({ ...flips, cell }, 0, 1)).total).toBe(duel[cell]);
    const { total, rows: first } = await pairs.page(flips, 0, 3);
    expect(total).toBe(duel.only_first + duel.only_second);
    expect(first.map(({ line, first: a, second: b }) => [line, a, b])).toEqual([
      [57, -57, 58],
      [53, -53, 54],
      [49, -49, 50],
    ]);
    const byLine = await pairs.page({ ...flips, sort: 'line', descending: false, slice: 'web' }, 0, 2);
    expect(byLine.rows.map(({ line }) => line)).toEqual([13, 16]);
    expect(await pairs.rowsOf({ ...flips, sort: 'line', descending: false, slice: 'web' })).toContain(12);
  });

  it('is found in the pair editor by margins of both models, where these name just its pairs', async () => {
    const found = await compared({ slice: null });
    expect(duelFilter(found, { ...flips, cell: 'only_first' })).toBe('margin.before:>0 margin:<=0');
    // The second model has margins of 0, which have no sign.
    expect(duelFilter(found, flips)).toBe(null);
    expect(duelFilter(found, { ...flips, cell: 'both_right', slice: 'web' })).toBe(null);
    for (const cell of ['only_first', 'only_second', 'both_right', 'both_wrong'] as const)
      expect(queryErrorOf(must(duelFilter(found, { ...flips, cell }), 'a filter'))).toBe(null);
  });

  it('is saved as CSV, in which a name is not a formula', async () => {
    const { result, pairs } = await compared({ slice: null });
    expect(comparisonCsv(result, 'models').split('\r\n')[2]).toMatch(/^"'--odd, name",60,0\.8,/);
    expect(comparisonCsv(result, 'sections')).toBe('section,model,score,missing_subsets\r\n');
    expect((await pairs.csv(flips)).split('\r\n')[1]).toMatch(/^57,[\da-f]+,-57,58$/);
  });
});
