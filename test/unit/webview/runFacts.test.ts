import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../../src/protocol/runPanel';
import type { Scoring } from '../../../src/run/types';
import { runFacts } from '../../../webview/runPanel/runFacts';
import { scoringText, shareOf } from '../../../webview/runPanel/scoringText';
import { runConfig, runState } from '../run/samples';

const summary = (change: Partial<RunSummary> = {}): RunSummary => ({
  folder: '/runs/a',
  name: 'a',
  status: 'running',
  state: runState({ eta: 100, memory: 8.4e8 }),
  created: 0,
  scoring: null,
  ...change,
});
const scoring = (change: Partial<Scoring>): Scoring => ({
  status: 'running',
  step: 50,
  scored: 30,
  total: 120,
  eta: 200,
  error: null,
  ...change,
});

describe('the facts of a run', () => {
  it('are time left, speed and memory while it runs', () => {
    expect(runFacts(summary(), null)).toBe('2 min left · 12.0 pairs/s · 900 tok/s · 840 MB');
  });

  it('have no time left when it is done, but its best evaluation', () => {
    const best = { step: 20, metric: 'eval_loss', value: 0.5 };
    const state = runState({
      status: 'done',
      eta: 0,
      pairs_per_second: null,
      tokens_per_second: null,
      memory: null,
      best,
    });
    const run = summary({ status: 'done', state });
    expect(runFacts(run, null)).toBe('best: step 20, eval_loss 0.500');
    const config = runConfig();
    const ended = { ...config, config: { ...config.config, load_best_model_at_end: true } };
    expect(runFacts(run, ended)).toBe('ended on its best: step 20, eval_loss 0.500');
  });

  it('name the reference of a run that starts from an adapter', () => {
    const config = runConfig();
    const from = {
      ...config,
      config: { ...config.config, adapter_name_or_path: 'adapter', ref_model: 'base' as const },
    };
    expect(runFacts(summary({ state: null }), from)).toBe('reference: the base model');
    expect(runFacts(summary({ state: null }), config)).toBe('');
  });
});

describe('the progress of scoring', () => {
  it('is a percentage with the time left, and reaches 100 only at the end', () => {
    expect(scoringText(scoring({}))).toBe('scoring pairs: 25 % · 3 min left');
    expect(scoringText(scoring({ scored: 119, eta: null }))).toBe('scoring pairs: 99 %');
    expect(scoringText(scoring({ status: 'done' }))).toBe('');
    expect(scoringText(null)).toBe('');
  });

  it('says what was scored of a run that was stopped, and why scoring failed', () => {
    expect(scoringText(scoring({ status: 'offered' }))).toBe('25 % scored');
    expect(scoringText(scoring({ status: 'offered', scored: 0 }))).toBe('pairs not scored');
    expect(scoringText(scoring({ status: 'failed', error: { code: 'x', message: 'no disk' } }))).toBe(
      'scoring failed: no disk',
    );
  });

  it('is 0 before the pairs are counted', () => {
    expect(shareOf(scoring({ total: null }))).toBe(0);
    expect(shareOf(scoring({ total: 0 }))).toBe(0);
  });
});
