import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { detectAll } from '../../../src/pairs/reading';
import { openScoreSession } from '../../../src/engine/scoreSession';
import type { ScoreSession } from '../../../src/engine/types';
import { readAdapter } from '../../../src/model/adapter';
import { openCheckpoint } from '../../../src/model/checkpoint';
import { openTokenizer } from '../../../src/model/tokenizer';
import { loadPairs } from '../../../src/reward/loadPairs';
import type { LoadedPairs } from '../../../src/reward/rowCollector';
import { indexRange, type RowSource } from '../../../src/reward/rowStore';
import { scorePairs, type ScoreOptions } from '../../../src/reward/scorePairs';
import { TokenTexts } from '../../../src/reward/tokenTexts';
import type { PairReward } from '../../../src/run/types';
import { failureOf } from '../model/files';
import { temporaryFolder } from '../run/temporaryFolder';
import { all, part, pick } from './rows';

const model = '../shared/models/stories260K-hf';
const golden = '../shared/golden/trl-1.16';

async function open(adapter: string | null): Promise<ScoreSession> {
  const checkpoint = await openCheckpoint(model);
  const session = await openScoreSession({
    checkpoint,
    adapter: adapter === null ? null : await readAdapter(adapter, checkpoint),
  });
  onTestFinished(() => session.release());
  return session;
}

async function load(file: string, maxLength: number | null = 256): Promise<LoadedPairs> {
  const loaded = await loadPairs(file, await openTokenizer(model, 512), { reading: detectAll, maxLength });
  onTestFinished(() => loaded.rows.close());
  return loaded;
}

async function collect(
  rows: RowSource,
  policy: ScoreSession,
  reference: ScoreSession,
  options: Partial<ScoreOptions> = {},
): Promise<PairReward[]> {
  const all: PairReward[] = [];
  for await (const reward of scorePairs(rows, policy, reference, { beta: 0.1, batchSize: 8, ...options }))
    all.push(reward);
  return all;
}

describe.skipIf(!existsSync(golden))('rewards of pairs', () => {
  it('come in the order of the file, and do not depend on the other pairs of a batch', async () => {
    const { rows } = await load(`${golden}/pairs.jsonl`);
    const [policy, reference] = [await open(`${golden}/sigmoid-final`), await open(null)];
    const together = await collect(rows, policy, reference);
    const alone = await collect(pick(rows, indexRange(0, rows.count).toReversed()), policy, reference, {
      batchSize: 1,
    });
    expect(together.map(({ row, line }) => [row, line])).toEqual(
      indexRange(0, rows.count).map((row) => [row, row + 1]),
    );
    together.forEach((reward, i) => {
      const other = alone[rows.count - 1 - i];
      expect(other?.key).toBe(reward.key);
      expect(Math.abs((other?.margin ?? Number.NaN) - reward.margin)).toBeLessThan(1e-4);
    });
    const right = together.filter(({ margin }) => margin > 0).length;
    expect(right / rows.count).toBeGreaterThan(0.7);
  });

  it('are β·(log π − log π_ref), differ by the margin, and are sums over tokens', async () => {
    const { rows } = await load(`${golden}/pairs.jsonl`);
    const few = await rows.read(indexRange(0, 5));
    const [policy, reference] = [await open(`${golden}/sigmoid-final`), await open(null)];
    const rewards = await collect(part(rows, 0, 5), policy, reference, { beta: 0.3, perToken: true });
    const plain = await collect(part(rows, 0, 5), policy, reference, { beta: 0.3 });
    rewards.forEach(({ margin }, i) => expect(Math.abs(margin - Number(plain[i]?.margin))).toBeLessThan(1e-4));
    const sum = (values: readonly number[] = []): number => values.reduce((a, b) => a + b, 0);
    rewards.forEach(({ chosen, rejected, margin }, i) => {
      expect(margin).toBe(chosen.reward - rejected.reward);
      for (const [side, ids] of [
        [chosen, few[i]?.pair.chosen],
        [rejected, few[i]?.pair.rejected],
      ] as const) {
        expect(side.reward).toBeCloseTo(0.3 * (side.logp - side.ref_logp), 6);
        expect(side.ids).toEqual(ids);
        expect(side.tokens).toBe(ids?.length);
        expect(side.logps).toHaveLength(side.tokens);
        expect(Math.abs(sum(side.logps) - side.logp)).toBeLessThan(1e-9);
        expect(Math.abs(sum(side.ref_logps) - side.ref_logp)).toBeLessThan(1e-9);
      }
    });
  });

  it('have texts of tokens that make the answer, and 0 for a first token that nothing predicts', async () => {
    const { rows } = await load(`${golden}/pairs.jsonl`);
    const tokenizer = await openTokenizer(model, 512);
    const texts = new TokenTexts(tokenizer);
    const [policy, reference] = [await open(`${golden}/sigmoid-final`), await open(null)];
    const [first] = await collect(part(rows, 0, 1), policy, reference, { perToken: true, texts });
    const said = (first?.chosen.texts ?? []).map((text) => (typeof text === 'string' ? text : text.special));
    expect(first?.beta).toBe(0.1);
    expect(said.join('')).toMatch(/^ ?\w.*<\/s>$/s);
    expect(first?.chosen.texts?.at(-1)).toEqual({ special: '</s>' });
    const [row] = await rows.read([0]);
    if (!row) throw new Error('The file is empty.');
    const bare = { ...row, pair: { ...row.pair, prompt: [] } };
    const [alone] = await collect({ count: 1, read: async () => [bare] }, policy, reference, { perToken: true });
    expect(alone?.chosen.logps).toHaveLength(row.pair.chosen.length);
    expect([alone?.chosen.logps?.[0], alone?.rejected.ref_logps?.[0]]).toEqual([0, 0]);
  });

  it('of a model against itself are zero', async () => {
    const { rows } = await load(`${golden}/pairs.jsonl`);
    const session = await open(null);
    const rewards = await collect(part(rows, 0, 10), session, session);
    expect(rewards.every(({ margin, chosen }) => margin === 0 && chosen.reward === 0)).toBe(true);
  });

  it('are finite for answers that are empty, equal, or a prefix of the other one', async () => {
    const file = join(await temporaryFolder(), 'odd.jsonl');
    const rows = [
      ['Once', '', ' upon'],
      ['Once', ' upon', ' upon'],
      ['Once', ' upon a time', ' upon'],
      ['', 'Once', 'Twice'],
    ];
    await writeFile(
      file,
      rows.map(([prompt, chosen, rejected]) => JSON.stringify({ prompt, chosen, rejected })).join('\n'),
    );
    const loaded = await load(file);
    expect(loaded.rows.count).toBeGreaterThanOrEqual(3);
    const rewards = await collect(loaded.rows, await open(`${golden}/sigmoid-final`), await open(null));
    for (const { margin, chosen, rejected } of rewards)
      expect([margin, chosen.logp, rejected.logp].every(Number.isFinite)).toBe(true);
    expect(rewards[1]?.margin).toBe(0);
  });

  it('stop when they are aborted', async () => {
    const { rows } = await load(`${golden}/pairs.jsonl`);
    const session = await open(null);
    expect(await collect(rows, session, session, { signal: AbortSignal.abort() })).toEqual([]);
  });
});

describe.skipIf(!existsSync(model))('loading pairs', () => {
  it('names lines without a pair, and lines whose prompt fills max_length', async () => {
    const file = join(await temporaryFolder(), 'mixed.jsonl');
    const good = JSON.stringify({ prompt: 'Once', chosen: ' upon', rejected: ' under' });
    const long = JSON.stringify({ prompt: 'Once upon a time '.repeat(20), chosen: ' a', rejected: ' b' });
    await writeFile(file, [good, '{', '', long, '{"text": 1}', good].join('\n'));
    const loaded = await load(file, 40);
    const rows = await all(loaded.rows);
    expect(rows.map(({ row, line }) => [row, line])).toEqual([
      [0, 1],
      [5, 6],
    ]);
    expect(loaded).toMatchObject({ unusable: { first: [2, 5] }, tooLong: { first: [4] } });
    expect(rows[0]?.key).toBe(rows[1]?.key);
  });

  it.each([
    ['no pair at all', '{"text": "a"}\n{', 'no-usable-pairs', /:1: /],
    ['nothing', '', 'no-usable-pairs', /no usable pair/],
    [
      'prompts beyond max_length alone',
      JSON.stringify({ prompt: 'Once upon a time '.repeat(20), chosen: 'a', rejected: 'b' }),
      'all-too-long',
      /max_length \(40\)/,
    ],
  ])('of a file with %s fails, naming the file', async (_, text, code, says) => {
    const file = join(await temporaryFolder(), 'bad.jsonl');
    await writeFile(file, text);
    const failure = await failureOf(load(file, 40));
    expect(failure).toMatchObject({ code, message: expect.stringContaining(file) });
    expect(failure.message).toMatch(says);
  });
});
