import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { curvesCsv, runsCsv } from '../../../../src/host/runPanel/curvesCsv';
import { unseen } from '../../../../src/host/runPanel/rewards/slowReading';
import { SharedFollowers } from '../../../../src/host/runPanel/sharedFollowers';
import { blockedEvents } from '../../../../src/run/blockedEvents';
import { CurveStore } from '../../../../src/run/curves';
import { eventLine } from '../../../../src/run/eventLines';
import { createRunFolder, runPaths, writeState } from '../../../../src/run/folder';
import { runConfig, runState, trainEvent } from '../../run/samples';
import { temporaryFolder } from '../../run/temporaryFolder';
import { numbersHere } from './numbersHere';

const patience = { timeout: 20_000 };
const lineOf = (step: number): string => `${eventLine(trainEvent(step, { loss: step }))}\n`;

async function newRun(steps: number): Promise<string> {
  const folder = await createRunFolder(await temporaryFolder(), runConfig());
  await writeFile(runPaths.events(folder), Array.from({ length: steps }, (_, i) => lineOf(i + 1)).join(''));
  writeState(folder, runState({ status: 'done' }));
  return folder;
}

function followers(): { shared: SharedFollowers; parsed: () => number } {
  let pages = 0;
  const parse = async (lines: Uint8Array<ArrayBuffer>) => {
    pages++;
    return blockedEvents(lines);
  };
  return {
    shared: new SharedFollowers({ of: async () => null }, { parse }, unseen, numbersHere()),
    parsed: () => pages,
  };
}

describe('panels on one run', () => {
  it('are ten and read its files once, and each hears of a new point', async () => {
    const folder = await newRun(3);
    const { shared, parsed } = followers();
    const heard = new Set<number>();
    const panels = await Promise.all(Array.from({ length: 10 }, (_, i) => shared.follow(folder, () => heard.add(i))));
    onTestFinished(() => panels.forEach((panel) => panel.release()));
    expect(new Set(panels.map(({ follower }) => follower)).size).toBe(1);
    expect([parsed(), panels[0]?.follower.curves.length]).toEqual([1, 3]);
    await appendFile(runPaths.events(folder), lineOf(4));
    await vi.waitFor(() => expect(panels[9]?.follower.curves.length).toBe(4), patience);
    expect([parsed(), heard.size]).toEqual([2, 10]);
  });

  it('read the run until the last of them closes', async () => {
    const folder = await newRun(1);
    const { shared } = followers();
    const [first, second] = [
      await shared.follow(folder, () => undefined),
      await shared.follow(folder, () => undefined),
    ];
    first.release();
    first.release();
    await appendFile(runPaths.events(folder), lineOf(2));
    await vi.waitFor(() => expect(second.follower.curves.length).toBe(2), patience);
    second.release();
    const third = await shared.follow(folder, () => undefined);
    onTestFinished(() => third.release());
    expect(third.follower).not.toBe(second.follower);
  });

  it('on a run of a newer Margin say that it is newer', async () => {
    const folder = await newRun(1);
    const config = JSON.parse(await readFile(runPaths.config(folder), 'utf8')) as object;
    await writeFile(runPaths.config(folder), JSON.stringify({ ...config, version: 99 }));
    const { shared } = followers();
    await expect(shared.follow(folder, () => undefined)).rejects.toMatchObject({ code: 'newer-version' });
    await expect(shared.follow(folder, () => undefined)).rejects.toThrow('Update Margin');
  });

  it('on a run of an older Margin show it, with the defaults of keys that it did not write', async () => {
    const folder = await newRun(2);
    const { config, ...rest } = JSON.parse(await readFile(runPaths.config(folder), 'utf8')) as { config: object };
    const { guard_file: _, ...older } = config as { guard_file: unknown };
    await writeFile(runPaths.config(folder), JSON.stringify({ ...rest, config: older }));
    const panel = await followers().shared.follow(folder, () => undefined);
    onTestFinished(() => panel.release());
    expect(panel.follower.curves.length).toBe(2);
  });

  it('on a folder that is deleted keep what they read, and say that it is gone', async () => {
    const folder = await newRun(2);
    const panel = await followers().shared.follow(folder, () => undefined);
    onTestFinished(() => panel.release());
    await rm(folder, { recursive: true });
    await vi.waitFor(() => expect(panel.follower.error).not.toBeNull(), patience);
    expect(panel.follower.curves.length).toBe(2);
  });
});

describe('curves as CSV', () => {
  it('have all points and metrics as they were logged', async () => {
    const curves = new CurveStore();
    curves.add([
      trainEvent(1, { loss: 0.1 + 0.2, 'rewards/chosen': -1 }),
      trainEvent(2, { loss: Number.NaN }),
      trainEvent(3, { loss: Infinity, 'a,b': 1 }),
    ]);
    expect(await curvesCsv(curves.columns(), curves.notNumberSteps())).toBe(
      [
        'step,seconds,loss,rewards/chosen,"a,b"',
        '1,0,0.30000000000000004,-1,',
        '2,0.001,NaN,,',
        '3,0.002,Infinity,,1',
        '',
      ].join('\n'),
    );
  });

  it('of several runs name the run, and have the metrics of all', async () => {
    const [a, b] = [new CurveStore(), new CurveStore()];
    a.add([trainEvent(1, { loss: Number.NaN })]);
    b.add([trainEvent(1, { grad_norm: -Infinity })]);
    const runs = [
      { name: 'a', store: a },
      { name: 'b,c', store: b },
    ];
    expect(await runsCsv(runs)).toBe('run,step,seconds,loss,grad_norm\na,1,0,NaN,\n"b,c",1,0,,-Infinity\n');
  });
});
