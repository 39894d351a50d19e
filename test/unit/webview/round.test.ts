import { describe, expect, it } from 'vitest';
import type { RoundState } from '../../../src/protocol/round';
import { seriesOf } from '../../../webview/round/lineSeries';
import { stepsOf } from '../../../webview/round/steps';
import { strings } from '../../../webview/round/strings';

const progress = { done: 0, total: 0, pace: null, left: null };
const queue: RoundState['queue'] = {
  prompt: null,
  place: 0,
  progress,
  skipped: 0,
  leftOut: 0,
  pairs: 0,
  undo: null,
  showsRewards: false,
  hint: '',
};
const steps: RoundState['steps'] = { drafts: 0, wanted: 8, prompts: 0, duplicates: 0, run: null, measured: false };
const state: RoundState = {
  name: 'r',
  folder: '/r',
  round: 1,
  rounds: [1],
  policy: 'base',
  reference: 'base',
  k: 4,
  seed: 0,
  choice: 'random',
  steps,
  line: [],
  judges: [],
  queue,
  busy: null,
  damaged: '',
  isTrusted: true,
};
const said = (other: Partial<RoundState>): string[] =>
  stepsOf({ ...state, ...other }).map((step) => `${step.state}: ${step.name} ${step.detail}`.trim());

describe('the steps of a round', () => {
  it('begin with drafts', () => {
    expect(said({ busy: 'Drafting' })).toEqual([
      'now: Draft answers',
      'open: Drop answers that repeat another',
      'open: Judge',
      'open: Train',
      'open: Measure',
    ]);
  });

  it('say how many are drafted, dropped and judged', () => {
    const drafted = { ...steps, drafts: 8, prompts: 2, duplicates: 1 };
    const judging = { ...queue, leftOut: 1, progress: { ...progress, done: 1, total: 2 } };
    expect(said({ steps: drafted, queue: judging }).slice(0, 3)).toEqual([
      'done: Draft 8 answers to 2 prompts',
      'done: Drop 1 that repeat another · 1 prompt has only one answer',
      'now: Judge 1 of 2',
    ]);
  });

  it('of a round whose prompts were not counted are drafted when nothing drafts', () => {
    const some = { ...steps, drafts: 3, prompts: 1, wanted: null };
    expect(said({ steps: some, busy: 'Drafting' })[0]).toBe('now: Draft 3 answers to 1 prompt');
    expect(said({ steps: some })[0]).toBe('done: Draft 3 answers to 1 prompt');
  });

  it('lead to the run', () => {
    const run = { folder: '/run', name: 'round-1', status: 'running' };
    expect(stepsOf({ ...state, steps: { ...steps, run } })[3]).toEqual({
      name: 'Train',
      state: 'now',
      detail: 'round-1 · running',
      isLink: true,
    });
  });
});

it('the line of rounds has a point for each measure that is known', () => {
  const share = { share: 0.75, low: 0.7, high: 0.8 };
  const [heldOut, winRate, guard] = seriesOf([
    { round: 0, pairs: null, heldOut: { ...share, pairs: 10 }, winRate: null, guard: null },
    { round: 1, pairs: 5, heldOut: null, winRate: { ...share, judge: 'x', games: 9 }, guard: { loss: 2, kept: 0.9 } },
  ]);
  expect([...(heldOut?.x ?? [])]).toEqual([0]);
  expect([...(winRate?.x ?? []), ...(winRate?.y ?? [])]).toEqual([1, 75]);
  expect([...(guard?.y ?? [])]).toEqual([90]);
});

describe('what is said of a judge', () => {
  it('names agreement, κ, the first shown and the longer', () => {
    const share = { count: 40, share: 0.54, low: 0.4, high: 0.7 };
    const figures = {
      judge: 'local',
      decided: 20,
      ranked: 18,
      inOrders: 20,
      flips: 3,
      withPerson: { prompts: 12, agreement: 0.83, kappa: 0.66 },
      first: { ...share, fair: 0.5 },
      longer: share,
    };
    expect(strings.figures(figures)).toEqual([
      '20 prompts',
      'both orders: changes its mind in 15 %',
      'agrees with you on 83 % of 12 (κ 0.66)',
      'prefers the first shown by +4 points',
      'the longer wins 54 %',
    ]);
  });
});

it('the pace of judging is shown when it is known', () => {
  const done = { ...queue, place: 3, progress: { done: 2, total: 9, pace: 12, left: 84 } };
  expect(strings.where(done, 'random', 7)).toBe(
    'prompt 3 of 9 · 12 s a prompt · about 84 s left · chosen at random (seed 7)',
  );
});
