import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EventWriter } from '../../../src/run/events';
import { readState, runPaths } from '../../../src/run/folder';
import { RunReporter } from '../../../src/train/reporter';
import { fillDisk } from '../run/fullDisk';

test('a short last batch does not lower the speed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'margin-reporter-'));
  const reporter = new RunReporter(folder, new EventWriter(folder), () => undefined);
  for (let step = 1; step < 10; step++) reporter.stepped(step, { seconds: 0.5, pairs: 8, tokens: 400 });
  reporter.stepped(10, { seconds: 0.5, pairs: 8, tokens: 0 });
  reporter.end('done');
  const state = await readState(folder);
  expect(state?.pairs_per_second).toBeCloseTo(16);
  expect(state?.tokens_per_second).toBeCloseTo(720);
  rmSync(folder, { recursive: true });
});

test.skipIf(!existsSync('/dev/full'))('a run writes its state even if there is no room for its events', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'margin-reporter-'));
  const reporter = new RunReporter(folder, new EventWriter(folder), () => undefined);
  fillDisk(runPaths.events(folder));
  expect(() => reporter.fail('disk-full', 'no room')).toThrow(/events\.jsonl: the disk is full/);
  expect(await readState(folder)).toMatchObject({ status: 'failed', error: { code: 'disk-full' } });
  rmSync(folder, { recursive: true });
});
