import { expect, it } from 'vitest';
import { runLines } from '../../../webview/suspects/sparkline';

it('draws a line for each run, from 0 at its start, by its steps', () => {
  const measurements = [
    { run: 'a', step: 50 },
    { run: 'b', step: 40 },
    { run: 'a', step: 100 },
  ];
  expect(runLines([-1, -0.5, -2], measurements)).toEqual([
    [
      { x: 0, margin: 0 },
      { x: 0.5, margin: -1 },
      { x: 1, margin: -2 },
    ],
    [
      { x: 0, margin: 0 },
      { x: 1, margin: -0.5 },
    ],
  ]);
});

it('leaves out measurements that did not score the pair, and takes a scoring for a run of one step', () => {
  const measurements = [
    { run: 'a', step: 10 },
    { run: 'scores.jsonl', step: null },
  ];
  expect(runLines([null, 0.3], measurements)).toEqual([
    [
      { x: 0, margin: 0 },
      { x: 1, margin: 0.3 },
    ],
  ]);
  expect(runLines([], measurements)).toEqual([]);
});
