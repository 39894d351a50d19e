import { appendFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runPaths } from '../../../src/run/folder';
import { type PairVisit, readVisits, VisitWriter } from '../../../src/run/visits';
import { failureOf } from '../model/files';
import { temporaryFolder } from './temporaryFolder';

const visit = (step: number, key: string): PairVisit => ({ step, key, chosen: 0.5, rejected: -0.25, margin: 0.75 });
const steps = [1, 2, 3].map((step) => [visit(step, 'a'), visit(step, 'b')]);

async function written(): Promise<string> {
  const folder = await temporaryFolder();
  const writer = new VisitWriter(folder);
  for (const visits of steps) writer.append(visits);
  writer.close();
  return folder;
}

async function all(folder: string): Promise<{ readonly visits: readonly PairVisit[]; readonly damaged: number }> {
  const visits: PairVisit[] = [];
  const damaged = await readVisits(folder, (one) => visits.push(one));
  return { visits, damaged };
}

describe('visits', () => {
  it('read back in order', async () => {
    const folder = await written();
    expect(await all(folder)).toEqual({ visits: steps.flat(), damaged: 0 });
  });

  it('have no file until a step visits a pair', async () => {
    const folder = await temporaryFolder();
    const writer = new VisitWriter(folder);
    writer.append([]);
    await writer.truncateAfter(3);
    writer.close();
    await expect(stat(runPaths.visits(folder))).rejects.toThrow('ENOENT');
    expect(await all(folder)).toEqual({ visits: [], damaged: 0 });
  });

  it('after a step are removed when a run resumes from it, and written again', async () => {
    const folder = await written();
    const whole = await readFile(runPaths.visits(folder), 'utf8');
    await appendFile(runPaths.visits(folder), '{"step":4,"ke');
    const writer = new VisitWriter(folder);
    await writer.truncateAfter(2);
    expect((await all(folder)).visits).toEqual(steps.slice(0, 2).flat());
    writer.append(steps[2] ?? []);
    expect(await readFile(runPaths.visits(folder), 'utf8')).toBe(whole);
    await writer.truncateAfter(0);
    writer.close();
    expect(await readFile(runPaths.visits(folder), 'utf8')).toBe('');
  });

  it('are cut at the right line in a file of many chunks', async () => {
    const folder = await temporaryFolder();
    const writer = new VisitWriter(folder);
    for (let step = 1; step <= 5000; step++) writer.append([visit(step, 'a'), visit(step, 'b')]);
    await writer.truncateAfter(4321);
    writer.close();
    const { visits } = await all(folder);
    expect([visits.length, visits.at(-1)?.step]).toEqual([2 * 4321, 4321]);
  });

  it('skip damaged lines and count them, except a last line that may still be written', async () => {
    const folder = await written();
    const path = runPaths.visits(folder);
    const lines = (await readFile(path, 'utf8')).split('\n');
    lines[1] = '{"step":1,"key":"b","chosen":null}';
    await writeFile(path, `${lines.join('\n')}{"step":4`);
    expect(await all(folder)).toEqual({ visits: steps.flat().filter((_, i) => i !== 1), damaged: 1 });
    const writer = new VisitWriter(folder);
    writer.append([visit(4, 'a')]);
    writer.close();
    expect(await all(folder)).toMatchObject({ damaged: 2 });
  });

  it('refuse a line that is longer than any visit', async () => {
    const folder = await temporaryFolder();
    await mkdir(dirname(runPaths.visits(folder)));
    await writeFile(runPaths.visits(folder), 'x'.repeat(1 << 20));
    expect(await failureOf(all(folder))).toMatchObject({ code: 'corrupt' });
  });
});
