import { readdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { rewardIn } from '../../../src/run/rewardLine';
import { runPaths } from '../../../src/run/folder';
import type { TrainConfig } from '../../../src/run/types';
import { type PairVisit, readVisits } from '../../../src/run/visits';
import { failureOf } from '../model/files';
import { dieAfter, ofKind, onlySteps, runFolder, stopAfter, train } from './runs';
import { judgedSample, sampleRun } from './sampleRun';

const rows = 7;
const pace = { per_device_train_batch_size: 2, gradient_accumulation_steps: 2, max_steps: 6 } as const;

async function visitsIn(folder: string): Promise<PairVisit[]> {
  const visits: PairVisit[] = [];
  expect(await readVisits(folder, (visit) => visits.push(visit))).toBe(0);
  return visits;
}

async function trained(change: Partial<TrainConfig> = {}): Promise<string> {
  const folder = await runFolder({ ...(await sampleRun({}, rows)), ...pace, ...change });
  await train(folder, onlySteps);
  return folder;
}

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

it('each step writes the rewards of the pairs that it trains on, all micro-batches of it', async () => {
  const folder = await runFolder({ ...(await sampleRun({}, 8)), ...pace, reward_steps: 1 });
  const events = await train(folder, { samples: false });
  const visits = await visitsIn(folder);
  expect(new Set(visits.map(({ key }) => key)).size).toBe(8);
  // 8 pairs are 2 steps of 2 micro-batches of 2 pairs, so means over micro-batches are means over pairs.
  for (const { step, metrics } of ofKind(events, 'train')) {
    const own = visits.filter((visit) => visit.step === step);
    expect(own).toHaveLength(4);
    expect(mean(own.map(({ margin }) => margin))).toBeCloseTo(metrics['rewards/margins'] ?? Number.NaN, 6);
    expect(mean(own.map(({ chosen }) => chosen))).toBeCloseTo(metrics['rewards/chosen'] ?? Number.NaN, 6);
  }
  expect(visits.filter(({ step }) => step === 1).every(({ margin }) => margin === 0)).toBe(true);
  for (const { step, key, margin } of visits.filter((visit) => visit.step > 1)) {
    const lines = (await readFile(runPaths.rewards(folder, step - 1), 'utf8')).trim().split('\n');
    const scored = lines.map((line) => rewardIn(line, 'test')).find((reward) => reward.key === key);
    expect(margin).toBeCloseTo(scored?.margin ?? Number.NaN, 4);
  }
});

it('a run that is stopped, or killed, and resumed has the visits of an uninterrupted one', async () => {
  const settings = { ...(await sampleRun({}, rows)), ...pace, save_steps: 2 };
  const [whole, stopped, killed, unsaved] = await Promise.all([1, 2, 3, 4].map(() => runFolder(settings)));
  if (!whole || !stopped || !killed || !unsaved) throw new Error('no folders');
  await train(whole, onlySteps);
  await train(stopped, { ...onlySteps, stopping: stopAfter(3) });
  await train(stopped, { ...onlySteps, resume: true });
  await failureOf(train(killed, { ...onlySteps, stopping: dieAfter(5) }));
  expect((await visitsIn(killed)).at(-1)?.step).toBe(5);
  await train(killed, { ...onlySteps, resume: true });
  await failureOf(train(unsaved, { ...onlySteps, stopping: dieAfter(1) }));
  await train(unsaved, { ...onlySteps, resume: true });
  const bytes = await readFile(runPaths.visits(whole), 'utf8');
  for (const folder of [stopped, killed, unsaved]) expect(await readFile(runPaths.visits(folder), 'utf8')).toBe(bytes);
});

it('judged answers have their reward on the side of their label, and 0 on the other', async () => {
  const pairs = await sampleRun({}, rows);
  const folder = await trained({
    trainer: 'kto',
    loss_type: ['kto'],
    train_file: await judgedSample(pairs.train_file),
  });
  const visits = await visitsIn(folder);
  // 14 answers: the fourth step, at the end of the first pass, has two.
  expect(visits).toHaveLength(22);
  for (const { chosen, rejected, margin } of visits) {
    expect(chosen === 0 || rejected === 0).toBe(true);
    expect(margin).toBe(chosen - rejected);
  }
  const later = visits.filter(({ step }) => step > 1);
  expect(later.some(({ chosen }) => chosen !== 0) && later.some(({ rejected }) => rejected !== 0)).toBe(true);
});

it('objectives without a reference, and those that weigh tokens, write no visits', async () => {
  for (const change of [{ trainer: 'orpo', loss_type: ['orpo'] }, { ld_alpha: 0.5 }] as const) {
    const folder = await trained({ ...change, max_steps: 1 });
    const names = await readdir(dirname(runPaths.visits(folder))).catch(() => []);
    expect(names).not.toContain('visits.jsonl');
  }
});
