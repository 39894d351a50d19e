import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { joinRewards } from '../../../src/host/pairEditor/node/rewards';
import { keyNumber } from '../../../src/pairs/keyNumber';

const side = { logp: -1, ref_logp: -2, reward: 0.5, tokens: 3 };
const rewardAt = (margin: number): string =>
  `${JSON.stringify({ row: 0, line: 1, key: '0123456789abcdef', chosen: side, rejected: { ...side, reward: 0.25 }, margin })}\n`;

describe('the margin before a run', () => {
  let folder = '';
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'margin-rewards-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it.each([
    [0, null],
    [0.125, 0.125],
  ])('is shown if the start was scored and is not the reference: for %d it is %s', async (start, before) => {
    await mkdir(join(folder, 'rewards'));
    const id = join(folder, 'rewards', 'step-000012.jsonl');
    await writeFile(join(folder, 'rewards', 'step-000000.jsonl'), rewardAt(start));
    await writeFile(id, rewardAt(0.25));
    const { pairs, notice } = await joinRewards({ id, label: 'run · step 12', isOfRun: true }, null);
    expect(notice).toBeNull();
    expect(pairs?.get(keyNumber('0123456789abcdef'))?.before).toBe(before);
  });
});
