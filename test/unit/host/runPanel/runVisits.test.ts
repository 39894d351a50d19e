import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunVisits } from '../../../../src/host/runPanel/rewards/runVisits';
import { type PairVisit, VisitWriter } from '../../../../src/run/visits';
import { rewardLine } from '../../run/rewardLines';

const visit = (step: number, row: number, margin: number): PairVisit => ({
  step,
  key: rewardLine(row, 0).key,
  chosen: margin,
  rejected: 0,
  margin,
});

describe('the visits of a run', () => {
  it('are found by the key of a pair, in the order of the steps', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'margin-visits-'));
    const writer = new VisitWriter(folder);
    writer.append([visit(1, 0, 0.5), visit(1, 1, -1)]);
    writer.append([visit(2, 0, 0.75)]);
    writer.close();
    const visits = await RunVisits.read(folder);
    expect(visits.ofPair(rewardLine(0, 0).key)).toEqual([
      { step: 1, margin: 0.5 },
      { step: 2, margin: 0.75 },
    ]);
    expect(visits.ofPair(rewardLine(7, 0).key)).toEqual([]);
  });

  it('of a run that writes none are none', async () => {
    const visits = await RunVisits.read(mkdtempSync(join(tmpdir(), 'margin-visits-')));
    expect(visits.ofPair(rewardLine(0, 0).key)).toEqual([]);
  });
});
