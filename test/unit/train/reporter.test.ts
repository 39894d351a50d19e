import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EventWriter } from '../../../src/run/events';
import { readState } from '../../../src/run/folder';
import { RunReporter } from '../../../src/train/reporter';

test('a short last batch is no slump of the speed', async () => {
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
