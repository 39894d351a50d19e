import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { KnownSuspects } from '../../../src/host/suspects/knownSuspects';
import { newestRewards, ViewRewards } from '../../../src/host/pairEditor/node/viewRewards';
import { saveSuspects, suspectPaths } from '../../../src/jsonl/node/suspects/suspectsFile';
import { keyNumber } from '../../../src/pairs/keyNumber';
import type { Suspect } from '../../../src/pairs/suspects/findSuspects';
import { temporaryFolder } from '../jsonl/temporaryFolder';

const key = 'a000000000000000';
const row: Suspect = {
  row: 0,
  line: 1,
  key,
  verdict: 'flipped',
  probability: 0.9,
  margin: -1,
  reasons: ['why'],
  spread: 0.1,
  margins: [-1],
};
const noise = { rate: 0.1, low: 0.05, high: 0.15, rows: 1, flipped: 1, ties: 0, groups: [] };
const summary = { noise, measurements: [], unscored: { count: 0 }, others: 0 };

it('a view has the verdicts of the last search, no longer when its result is deleted, and says when it is damaged', async () => {
  const file = join(temporaryFolder(), 'prefs.jsonl');
  const suspects = new KnownSuspects();
  const view = new ViewRewards(file, { runFolders: async () => [], suspects });
  const identity = () => ({ key: keyNumber(key), exchanged: 1, judgedGood: null });
  await view.load(newestRewards);
  expect([view.areLoaded, view.verdictsOf(identity)]).toEqual([false, []]);
  await saveSuspects(file, [row], summary);
  await view.load(newestRewards);
  expect([view.areLoaded, view.verdictsOf(identity)]).toMatchObject([true, [{ verdict: 'flipped' }]]);
  expect(await suspects.of(file)).toBe(await suspects.of(file));
  await writeFile(suspectPaths(file).found, '{}\n');
  await view.load(newestRewards);
  expect(view.overview.notice).toContain('the file is damaged');
  await rm(suspectPaths(file).found);
  await view.load(newestRewards);
  expect([view.overview.notice, view.verdictsOf(identity)]).toEqual([null, []]);
});
