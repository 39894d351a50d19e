import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goldenFolder, goldenNames, recordRequest } from './goldens';
import { askPeer, hasPeer } from './peer';

interface Recorded {
  readonly config: unknown;
  readonly log: readonly Readonly<Record<string, number>>[];
}

const read = (folder: string, name: string): Recorded =>
  JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Recorded;

/** Processors round differently. A wrong formula would differ far more. */
const tolerance = (value: number): number => 2e-5 * Math.max(1, Math.abs(value));

describe.skipIf(!hasPeer)('the recorded trajectories are TRL’s of today (if not: npm run record)', () => {
  let fresh = '';

  beforeAll(async () => {
    fresh = await mkdtemp(join(tmpdir(), 'margin-goldens-'));
    await askPeer('record.py', recordRequest(resolve(fresh)));
  });

  afterAll(() => rm(fresh, { recursive: true, force: true }));

  it('exactly the runs of the table are recorded', () => {
    expect(goldenNames(goldenFolder)).toEqual(goldenNames(fresh));
  });

  it.each(goldenNames(goldenFolder))('%s', (name) => {
    const [recorded, today] = [read(goldenFolder, name), read(fresh, name)];
    expect(recorded.config).toEqual(today.config);
    expect(recorded.log.map((entry) => Object.keys(entry))).toEqual(today.log.map((entry) => Object.keys(entry)));
    today.log.forEach((entry, i) => {
      for (const [metric, value] of Object.entries(entry)) {
        expect(
          Math.abs((recorded.log[i]?.[metric] ?? Number.NaN) - value),
          `step ${entry.step} ${metric}`,
        ).toBeLessThanOrEqual(tolerance(value));
      }
    });
  });
});
