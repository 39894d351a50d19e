import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at } from '../../src/base/pure/must';
import { appendDrafts, appendJudgements } from '../../src/run/rounds/lines';
import { roundPaths } from '../../src/run/rounds/paths';
import type { Draft, Judgement, RoundMeasures, RoundRecord, RoundsRecord } from '../../src/run/rounds/types';

const asked = [
  'My flight was cancelled. What am I owed?',
  'How do I keep basil alive on a window sill?',
  'Explain to a child why the sky is blue.',
  'Is it safe to eat rice from yesterday?',
  'Write a two-line apology for a late delivery.',
  'What does “nmap -sV” do?',
];
const answers = [
  'If it was cancelled less than 14 days ahead, you may choose between a refund and a new flight. In the EU you may also be owed €250 to €600, depending on distance, unless the cause was outside the airline’s control. Keep your receipts.',
  'You are owed a refund. Contact the airline. They will tell you what you are owed and how to get it, which can take some time.',
  'That depends on where you fly. In the EU there are fixed sums; in the US there is a refund, but no fixed compensation. Where does your flight start?',
  'I am sorry to hear that! Flights are cancelled for many reasons. Flights are cancelled for many reasons such as weather. I hope you get there soon!',
];

/** Writes rounds as Margin does: two that have trained and were measured, and a third with drafts to judge. */
export function makeRounds(workspace: string, name: string): string {
  const folder = join(roundPaths.all(workspace), name);
  mkdirSync(folder, { recursive: true });
  const base = join(workspace, 'model');
  const record: RoundsRecord = {
    version: 1,
    name,
    base,
    held_out: join(workspace, 'heldout.jsonl'),
    guard_file: join(workspace, 'guard.txt'),
    base_measures: measures(0.58, null, 2.31),
    rounds: [
      round(workspace, 1, measures(0.71, 0.66, 2.32)),
      round(workspace, 2, measures(0.8, 0.61, 2.35)),
      round(workspace, 3, null),
    ],
  };
  writeFileSync(roundPaths.record(folder), JSON.stringify(record));
  appendDrafts(roundPaths.drafts(folder, 3), asked.flatMap(draftsOf));
  appendJudgements(roundPaths.judgements(folder, 3), asked.flatMap(judgementsOf));
  return folder;
}

function round(workspace: string, number: number, measured: RoundMeasures | null): RoundRecord {
  const before = number === 1 ? join(workspace, 'model') : join(workspace, '.margin', 'runs', `round-${number - 1}`);
  const isOver = measured !== null;
  return {
    round: number,
    policy: { model: before, checkpoint: number === 1 ? null : 'step-000420' },
    reference: 'base',
    prompts: { file: join(workspace, 'prefs.jsonl'), filter: null, count: asked.length, seed: 7, choice: 'random' },
    drafts: { k: 4, temperature: 1, top_p: 1, max_new_tokens: 64, seed: 7 },
    mix: 0,
    run: isOver ? join(workspace, '.margin', 'runs', `round-${number}`) : null,
    judge: isOver ? 'person' : null,
    measures: measured,
  };
}

function measures(accuracy: number, rate: number | null, after: number): RoundMeasures {
  const about = (share: number) => ({ low: share - 0.06, high: share + 0.05 });
  const games = { wins: 50, ties: 12, losses: 38, judge: 'person' };
  return {
    heldOut: { accuracy, ...about(accuracy), pairs: 100 },
    winRate: rate === null ? null : { rate, ...about(rate), ...games },
    winRateBase: null,
    guard: { before: 2.31, after },
  };
}

function draftsOf(prompt: string, row: number): Draft[] {
  return answers.map((text, draft) => ({
    prompt_key: `prompt-${row}`,
    row,
    prompt: [{ role: 'user', content: prompt }],
    draft,
    // The last prompt has an answer twice.
    text: row === 5 && draft === 3 ? at(answers, 0) : text,
    tokens: [58, 27, 39, 36][draft] ?? 0,
    finish: draft === 2 ? 'length' : 'stop',
    seed: 7 + draft,
    temperature: 1,
    top_p: 1,
    model: 'round-2',
    checkpoint: 'step-000420',
    reward: 0.5 - 0.4 * draft,
    duplicate_of: row === 5 && draft === 3 ? 0 : null,
  }));
}

/** A model has judged the best and the worst of all prompts in both orders, and changes its mind about one. */
function judgementsOf(_: string, row: number): Judgement[] {
  return [
    [0, 1, 2, 3],
    [3, 2, 1, 0],
  ].map((order, i) => {
    const best = row === 4 ? at(order, 0) : 0;
    return {
      prompt_key: `prompt-${row}`,
      judge: 'local judge',
      by: null,
      verdict: 'ranked',
      best,
      worst: 3 - best,
      order,
      edited: null,
      reason: null,
      at: `2026-11-30T02:00:0${i}.000Z`,
    };
  });
}
