import { promptKey } from '../../../../src/run/rounds/promptKey';
import type { Draft, Judgement, RoundRecord, RoundsRecord } from '../../../../src/run/rounds/types';

const prompt = [{ role: 'user', content: 'What colour is a stone?' }];

/** A draft of one prompt. */
export const draft = (n: number, text: string, other: Partial<Draft> = {}): Draft => ({
  prompt_key: promptKey(prompt),
  row: 0,
  prompt,
  draft: n,
  text,
  tokens: 4,
  finish: 'stop',
  seed: 100 + n,
  temperature: 0.8,
  top_p: 1,
  model: '/m',
  checkpoint: null,
  reward: null,
  duplicate_of: null,
  ...other,
});

/** A person's judgement of that prompt. */
export const judgement = (other: Partial<Judgement> = {}): Judgement => ({
  prompt_key: promptKey(prompt),
  judge: 'person',
  by: 'Ada',
  verdict: 'ranked',
  best: 0,
  worst: 1,
  order: [0, 1],
  edited: null,
  reason: null,
  at: '2026-11-30T02:00:00.000Z',
  ...other,
});

export const roundRecord: RoundRecord = {
  round: 1,
  policy: { model: '/m', checkpoint: null },
  reference: 'base',
  prompts: { file: '/p.jsonl', filter: null, count: 20, seed: 0, choice: 'random' },
  drafts: { k: 4, temperature: 0.8, top_p: 1, max_new_tokens: 64, seed: 0 },
  mix: 0,
  run: null,
  judge: null,
  measures: null,
};

export const roundsRecord: RoundsRecord = {
  version: 1,
  name: 'sample',
  base: '/m',
  held_out: '/held.jsonl',
  guard_file: null,
  base_measures: {
    heldOut: { accuracy: 0.5, low: 0.4, high: 0.6, pairs: 100 },
    winRate: null,
    winRateBase: null,
    guard: null,
  },
  rounds: [roundRecord],
};
