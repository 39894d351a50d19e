import { describe, expect, it } from 'vitest';
import type { RunRow } from '../../../../src/protocol/runComparison';
import type { RunValue, ShownColumn } from '../../../../src/run/compared/types';
import { metricOf, placesOf, runCharts } from '../../../../webview/runComparison/curveSpecs';
import { listedRuns } from '../../../../webview/runComparison/runFilter';
import { lookOf } from '../../../../webview/runComparison/runLooks';
import { shownCurves } from '../../../../webview/runComparison/shownCurves';
import { shownRuns, toggled, twoRuns } from '../../../../webview/runComparison/viewState';

const columns: readonly ShownColumn[] = [
  { id: 'beta', label: 'β', title: '', better: null, format: 'plain' },
  { id: 'accuracy', label: 'held-out', title: '', better: 'high', format: 'share' },
];

function run(name: string, values: readonly RunValue[] = [], more: Partial<RunRow> = {}): RunRow {
  return {
    folder: `/runs/${name}`,
    name,
    status: 'done',
    tags: [],
    note: '',
    baseline: false,
    evaluates: true,
    pairsPerStep: 4,
    words: 'dpo\nsigmoid\nmodel',
    remarks: [],
    program: null,
    problem: null,
    cells: values.map((value) => ({ value, text: String(value) })),
    ...more,
  };
}

const points = (steps: readonly number[], values: readonly number[]) => ({
  steps: Float64Array.from(steps),
  times: Float64Array.from(steps, (step) => step / 2),
  values: Float64Array.from(values),
});

describe('the runs of the table', () => {
  const runs = [
    run('a', [0.1, 0.9], { tags: ['sweep:beta'], note: 'first try' }),
    run('b', [0.01, null], { words: 'kto' }),
    run('c', [0.5, 0.95]),
  ];
  const names = (filter: string, sort: string | null = null, descending = false): string[] =>
    listedRuns({ runs, columns }, filter, sort, descending).map(({ name }) => name);

  it.each([
    ['', ['a', 'b', 'c']],
    ['try', ['a']],
    ['tag:sweep', ['a']],
    ['KTO', ['b']],
    ['beta>=0.1', ['a', 'c']],
    ['β<0.1', ['b']],
    ['accuracy>0.8 beta:0.5', ['c']],
    ['nothing', []],
  ])('are found by %j', (filter, found) => {
    expect(names(filter)).toEqual(found);
  });

  it('are sorted by a column, those without a value last', () => {
    expect(names('', 'accuracy')).toEqual(['a', 'c', 'b']);
    expect(names('', 'accuracy', true)).toEqual(['c', 'a', 'b']);
    expect(names('', 'name', true)).toEqual(['c', 'b', 'a']);
  });
});

describe('the shown runs', () => {
  const runs = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => run(name));

  it('are the newest readable ones until a person chooses', () => {
    const damaged = run('x', [], { problem: 'damaged' });
    expect(shownRuns(null, [damaged, ...runs]).map(({ folder }) => folder)).toEqual(
      runs.slice(0, 5).map(({ folder }) => folder),
    );
  });

  it('leave out a deleted run', () => {
    expect(shownRuns([{ folder: '/gone', slot: 0 }], runs)).toEqual([]);
  });

  it('keep their look, and a new one gets the first free', () => {
    const three = toggled([], ['a', 'b', 'c'], true);
    expect(three.map(({ slot }) => slot)).toEqual([0, 1, 2]);
    const two = toggled(three, ['b'], false);
    expect(toggled(two, ['d'], true)).toEqual([
      { folder: 'a', slot: 0 },
      { folder: 'c', slot: 2 },
      { folder: 'd', slot: 1 },
    ]);
  });

  it('differ in colour or dash, up to 24', () => {
    const looks = Array.from({ length: 24 }, (_, slot) => JSON.stringify(lookOf(slot)));
    expect(new Set(looks).size).toBe(24);
  });
});

describe('the two runs that are held against each other', () => {
  const none = { first: null, second: null };
  const runs = [run('a'), run('b', [], { baseline: true }), run('c')];
  const shown = [{ folder: '/runs/c', slot: 0 }];

  it('are the baseline and the first other shown one', () => {
    expect(twoRuns(none, runs, shown)).toEqual({ first: '/runs/b', second: '/runs/c' });
  });

  it('are those that a person chose, if they still exist', () => {
    expect(twoRuns({ first: '/runs/c', second: '/runs/a' }, runs, shown)).toEqual({
      first: '/runs/c',
      second: '/runs/a',
    });
    expect(twoRuns({ first: '/gone', second: '/runs/a' }, runs, shown)).toEqual({
      first: '/runs/b',
      second: '/runs/a',
    });
    expect(twoRuns({ first: '/runs/a', second: '/runs/a' }, runs, shown)).toEqual({
      first: '/runs/a',
      second: '/runs/c',
    });
  });

  it('do not exist if there is one run', () => {
    expect(twoRuns(none, runs.slice(0, 1), [])).toBeNull();
  });
});

describe('the charts', () => {
  const [, , marginChart] = runCharts;

  it('show held-out pairs where a run has them, else training pairs', () => {
    const trained = { 'rewards/margins': points([1], [1]) };
    const held = { 'eval_rewards/margins': points([1], [1]) };
    if (!marginChart) throw new Error('there is no third chart');
    expect(metricOf(marginChart, [trained, held])).toBe('eval_rewards/margins');
    expect(metricOf(marginChart, [trained])).toBe('rewards/margins');
    expect(metricOf(marginChart, [])).toBeNull();
  });

  it.each([
    ['step', [10, 20, 30]],
    ['time', [5, 10, 15]],
    ['pairs', [80, 160, 240]],
    ['tokens', [NaN, 1500, 2500]],
  ] as const)('put points by %s', (x, places) => {
    const tokens = points([15, 20, 28, 40], [1000, 1500, 2500, 9000]);
    expect([...placesOf(points([10, 20, 30], [1, 2, 3]), x, 8, tokens)]).toEqual(places);
  });

  it('have no place by tokens for a run that logs none', () => {
    expect([...placesOf(points([10], [1]), 'tokens', 8, null)]).toEqual([NaN]);
  });
});

describe('the curves of a run', () => {
  it('have the points of each metric that was logged, and those that were NaN apart', () => {
    const { metrics, notNumbers } = shownCurves('/runs/a', {
      steps: Float64Array.of(1, 2, 3),
      times: Float64Array.of(0, 1, 2),
      series: { loss: Float64Array.of(0.7, NaN, Infinity), eval_loss: Float64Array.of(NaN, NaN, NaN) },
      notNumbers: { loss: Float64Array.of(2), eval_loss: Float64Array.of(3) },
    });
    expect(Object.keys(metrics)).toEqual(['loss']);
    expect(metrics['loss']).toEqual({
      steps: Float64Array.of(1, 3),
      times: Float64Array.of(0, 2),
      values: Float64Array.of(0.7, Infinity),
    });
    expect(notNumbers['loss']?.steps).toEqual(Float64Array.of(2));
    expect(notNumbers['eval_loss']?.times).toEqual(Float64Array.of(2));
  });
});
