import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRound } from '../../../../src/host/rounds/readRound';
import { roundFacts } from '../../../../src/host/rounds/roundFacts';
import { requestText } from '../../../../src/host/rounds/plannedRequests';
import { appendDrafts, appendJudgements } from '../../../../src/run/rounds/lines';
import { roundPaths } from '../../../../src/run/rounds/paths';
import { writeRounds } from '../../../../src/run/rounds/record';
import type { RoundMeasures } from '../../../../src/run/rounds/types';
import { temporaryFolder } from '../../run/temporaryFolder';
import { draft, judgement, roundRecord, roundsRecord } from '../../run/rounds/roundSamples';

const measures: RoundMeasures = {
  heldOut: { accuracy: 0.8, low: 0.7, high: 0.87, pairs: 100 },
  winRate: { rate: 0.6, low: 0.5, high: 0.7, wins: 50, ties: 20, losses: 30, judge: 'reward' },
  winRateBase: null,
  guard: { before: 2, after: 2.1 },
};
const before = { ...roundRecord, run: '/runs/first', judge: 'person', measures };
const second = { ...roundRecord, round: 2, policy: { model: '/runs/first', checkpoint: 'step-000050' } };
const read = {
  record: { ...roundsRecord, rounds: [before, second] },
  round: second,
  drafts: [draft(0, 'a'), draft(1, 'b', { tokens: 9 }), draft(2, 'a', { duplicate_of: 0 })],
  judgements: [judgement({ best: 1, worst: 0 })],
  pairs: new Map([[1, 40]]),
  run: null,
};

describe('what the tab says of a round', () => {
  it('names the policy by its round and checkpoint, and the reference plainly', () => {
    expect(roundFacts(read)).toMatchObject({ policy: 'round 1 · step-000050', reference: 'base (m)', rounds: [1, 2] });
    expect(roundFacts({ ...read, round: before })).toMatchObject({ policy: 'base (m)' });
    const previous = { ...second, reference: 'previous' } as const;
    expect(roundFacts({ ...read, round: previous }).reference).toBe('round 1 · step-000050');
    const other = { ...second, policy: { model: '/elsewhere/other', checkpoint: null } };
    expect(roundFacts({ ...read, round: other }).policy).toBe('other');
  });

  it('counts drafts, prompts and repeats', () => {
    expect(roundFacts(read).steps).toEqual({
      drafts: 3,
      wanted: 80,
      prompts: 1,
      duplicates: 1,
      run: null,
      measured: false,
    });
  });

  it('draws the base and each round, with what it has measured', () => {
    const [base, first, next] = roundFacts(read).line;
    expect(base).toMatchObject({ round: 0, heldOut: { share: 0.5, pairs: 100 }, winRate: null, guard: null });
    expect(first).toMatchObject({ round: 1, pairs: 40, winRate: { share: 0.6, games: 100, judge: 'reward' } });
    expect(first?.guard?.kept).toBeCloseTo(Math.exp(-0.1), 12);
    expect(next).toEqual({ round: 2, pairs: null, heldOut: null, winRate: null, guard: null });
  });

  it('measures judges with the tokens of the drafts', () => {
    expect(roundFacts(read).judges).toMatchObject([{ judge: 'person', ranked: 1, longer: { count: 1, share: 1 } }]);
  });
});

describe('reading a round', () => {
  it('takes the last one unless another is asked for, and counts lines that hold nothing', async () => {
    const folder = await temporaryFolder();
    await writeRounds(folder, { ...read.record, rounds: [{ ...before, run: null }, second] });
    mkdirSync(roundPaths.round(folder, 2), { recursive: true });
    writeFileSync(roundPaths.drafts(folder, 2), 'not a draft\n');
    appendDrafts(roundPaths.drafts(folder, 2), read.drafts);
    appendJudgements(roundPaths.judgements(folder, 2), read.judgements);
    const found = await readRound(folder, null);
    expect(found).toMatchObject({ round: { round: 2 }, damaged: 1, drafts: read.drafts, judgements: read.judgements });
    expect((await readRound(folder, 1)).round.round).toBe(1);
  });

  it('shows a run that was deleted as one that cannot be read', async () => {
    const folder = await temporaryFolder();
    const run = join(folder, 'gone');
    await writeRounds(folder, { ...read.record, rounds: [{ ...before, run }] });
    expect((await readRound(folder, null)).run).toEqual({ folder: run, name: run, status: 'unreadable' });
  });

  it('of a folder without rounds fails, and says how to begin', async () => {
    await expect(readRound(await temporaryFolder(), null)).rejects.toMatchObject({ code: 'no-rounds' });
  });
});

it('the first request to an endpoint is shown in full, with count and price', () => {
  const first = { model: 'm', messages: [{ role: 'user', content: 'Which is better?' }] };
  const planned = { endpoint: 'host', first, requests: 96, tokens_in: 12_000, tokens_out: 96 };
  const text = requestText({ ...planned, price: 0.0123 });
  expect(text).toContain('The first of 96 requests to host, in full:');
  expect(text).toContain(JSON.stringify(first, null, 2));
  expect(text).toContain('about 12,000 tokens to read and at most 96 to write');
  expect(text).toContain('at most 0.0123');
  expect(requestText({ ...planned, price: null })).toContain('The price is not known.');
});
