import { describe, expect, it } from 'vitest';
import { at, must } from '../../../../src/base/pure/must';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import { asQueried } from '../../../../src/jsonl/node/search/asQueried';
import { columnReader } from '../../../../src/pairs/query/column';
import { predicateOf, type RowSource } from '../../../../src/pairs/query/evaluate';
import { parseQuery } from '../../../../src/pairs/query/parseQuery';
import { readPair } from '../../../../src/pairs/readPair';
import { detectAll } from '../../../../src/pairs/reading';
import type { Chart } from '../../../../src/pairs/statistics/chart';
import { chartsAsCsv } from '../../../../src/pairs/statistics/csv';
import { joinPages } from '../../../../src/pairs/statistics/joinPages';
import { summarySentences } from '../../../../src/pairs/statistics/sentences';
import type { Statistics } from '../../../../src/pairs/statistics/statistics';
import { measured, statistics } from './rows';

const seed = 11;
const next = seededRandom(seed);
const drawn = <T>(items: readonly T[]): T => at(items, Math.floor(next() * items.length));
const texts = ['Sure, here it is.', 'As an AI, I cannot.', 'Да, конечно', 'No.', '- one\n- two', 'x'.repeat(70)];
const rows = Array.from({ length: 200 }, (_, i) => ({
  prompt: `Question ${i % 40}${'?'.repeat(1 + Math.floor(next() * 60))}`,
  chosen: drawn(texts) + ' '.repeat(1) + 'y'.repeat(Math.floor(next() * 90)),
  rejected: drawn(texts),
  source: drawn(['a', 'b c', 'none']),
  chosen_model: drawn(['m-1', 'm"2']),
  score_chosen: Math.round(next() * 300) / 10,
  score_rejected: drawn([1, 2, 3]),
}));

function chart({ charts }: Statistics, id: string): Chart {
  return must(
    charts.find((one) => one.id === id),
    id,
  );
}

/** How many rows a query finds. */
function found(query: string): number {
  const queried = rows.map((row) =>
    asQueried(JSON.stringify(row), readPair(JSON.stringify(row), detectAll), detectAll),
  );
  const read = <T>(column: Parameters<RowSource['number']>[0]) => {
    const reader = columnReader(column);
    return (row: number): T => reader(at(queried, row)) as T;
  };
  const fact = (): ((row: number) => number) => (row) => row + 1;
  const source = { fact, factTexts: () => () => [], number: read, labels: read, match: read } as RowSource;
  const meets = predicateOf(parseQuery(query), source);
  return rows.filter((_, row) => meets(row) === true).length;
}

describe('statistics', () => {
  it('each bar has a query that finds as many rows as it counts', () => {
    const { charts } = statistics(rows);
    expect(charts.length).toBeGreaterThan(8);
    for (const { id, bars } of charts)
      for (const { label, counts, queries } of bars)
        for (const [i, query] of queries.entries())
          if (query !== null && query !== 'problem:duplicate')
            expect(found(query), `seed ${seed}, ${id} ${label}: ${query}`).toBe(at(counts, i));
  });

  it('the bars of numbers count each row that has the number once', () => {
    const { bars } = chart(statistics(rows), 'lengths');
    for (const series of [0, 1]) expect(bars.reduce((sum, { counts }) => sum + at(counts, series), 0)).toBe(200);
  });

  it('are the same for one page and for joined pages', () => {
    const joined = joinPages([measured(rows.slice(0, 70)), measured(rows.slice(70), 70)]);
    const whole = measured(rows);
    expect({ ...joined, labels: [], starts: [] }).toEqual({ ...whole, labels: [], starts: [] });
    for (const key of ['labels', 'starts'] as const)
      expect(joined[key].map((counts) => new Map(counts))).toEqual(whole[key].map((counts) => new Map(counts)));
  });

  it('name rows without answers, ties and one answer apart', () => {
    const few = [
      { prompt: 'a', chosen: 'long answer', rejected: 'short' },
      { prompt: 'a', chosen: 'bb', rejected: 'c' },
      { prompt: 'a', completion: 'b', label: true },
      { text: 'no pair' },
    ];
    expect(summarySentences(statistics(few))).toEqual([
      '4 rows: 2 with a better and a worse answer, 1 with one answer or without a pair, 1 without answers.',
      'The longer answer is the chosen one in 100 % (34–100 %) of the 2 pairs of different length.',
    ]);
    expect(statistics(few).missing.map(({ title }) => title)).toEqual([
      'Tokens',
      'Scores',
      'Models',
      'Sources',
      'Marks',
      'Bias',
    ]);
  });

  it('count rows that repeat the content, or only the words, of an earlier row', () => {
    const pair = { prompt: 'Why?', chosen: 'Because it is.', rejected: 'No' };
    const { bars } = chart(
      statistics([pair, { ...pair, chosen: 'Because  it is.' }, { ...pair, rejected: 'no!' }]),
      'repeats',
    );
    expect(bars.map(({ counts, queries }) => [...counts, ...queries])).toEqual([
      [1, null],
      [1, 'problem:duplicate'],
      [1, 'row:3'],
    ]);
  });

  it('of an empty file say what is missing', () => {
    const { charts, missing } = statistics([]);
    expect(charts).toEqual([]);
    expect(missing.length).toBeGreaterThan(3);
  });

  it('as CSV quote texts, and make no formula of them', () => {
    const csv = chartsAsCsv([
      {
        id: 'a',
        title: 'A',
        about: '',
        kind: 'values',
        series: ['rows'],
        facts: [],
        bars: [{ label: '=1+"x"', from: null, to: null, counts: [2], queries: ['model:="x"'] }],
      },
    ]);
    expect(csv).toBe('chart,series,value,from,to,count,filter\r\nA,rows,"\'=1+""x""",,,2,"model:=""x"""\r\n');
  });
});
