import { expect, it } from 'vitest';
import { firstChoice, named } from '../../../../src/host/modelComparison/modelSources';
import { columnsIn } from '../../../../src/host/modelComparison/sliceColumns';

const run = (name: string, step: number) => {
  const id = `/data/.margin/runs/${name}/rewards/step-${String(step).padStart(6, '0')}.jsonl`;
  const label = `${name} · step ${step}`;
  return { id, kind: 'run', label, detail: label } as const;
};
const scoring = {
  id: '/data/.margin/scores/rows-base.jsonl',
  kind: 'scoring',
  label: 'base',
  detail: 'base · scored 2026-11-26 04:41',
} as const;
const labels = (sources: Parameters<typeof firstChoice>[0], from: string | null = null): readonly string[] =>
  firstChoice(sources, from).map((id) => sources.find((one) => one.id === id)?.label ?? '');

it('the newest models of two runs or scorings are compared first, else two steps of one run', () => {
  expect(labels([run('b', 20), run('b', 10), run('a', 20), scoring])).toEqual(['b · step 20', 'a · step 20']);
  expect(labels([run('b', 20), run('b', 10), scoring], '/data/.margin/runs/b')).toEqual(['b · step 20', 'base']);
  expect(labels([scoring, run('b', 20), run('b', 10)], '/data/.margin/runs/b')).toEqual(['b · step 20', 'base']);
  expect(labels([run('b', 20), run('b', 10), run('b', 5)])).toEqual(['b · step 20', 'b · step 5']);
  expect(labels([scoring])).toEqual([]);
});

it('columns with few short values divide a file; texts, lists and ids do not', () => {
  const rows = Array.from({ length: 20 }, (_, i) => ({
    prompt: `${'long '.repeat(20)}${i}`,
    id: `r${i}`,
    subset: i % 2 ? 'math' : 'code',
    turns: [1],
    meta: { source: 'web', score: i },
    hard: i > 3,
  }));
  expect(columnsIn(rows)).toEqual(['subset', 'meta.source', 'hard']);
  expect(columnsIn([])).toEqual([]);
});

it('models have short names that differ', () => {
  const score = (name: string, time: string) => ({
    id: `/data/.margin/scores/${name}-${time}.jsonl`,
    label: `${name} · scored ${time}`,
    isOfRun: false,
  });
  const choices = [
    score('base', '04:42'),
    score('base', '04:41'),
    score('base', '04:41'),
    { ...run('b', 5), isOfRun: true },
  ];
  expect(named(choices).map(({ label }) => label)).toEqual([
    'base',
    'base · scored 04:41',
    'base · scored 04:41 (2)',
    'b · step 5',
  ]);
});
