import { appendFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { EventWriter } from '../../../src/run/events';
import { readRun, type FoundRun } from '../../../src/run/find';
import { createRunFolder, runPaths, writeControl, writeState } from '../../../src/run/folder';
import { newestLoss } from '../../../src/run/newestLoss';
import { scoringPaths } from '../../../src/run/scoring';
import type { RunStatus } from '../../../src/run/types';
import { RunWatch } from '../../../src/run/watch';
import { runConfig, runState, trainEvent } from './samples';
import { temporaryFolder } from './temporaryFolder';

/** A run with one event. It has the pid 0 and a new heartbeat, like a run that has just started. */
async function run(status: RunStatus): Promise<string> {
  const folder = await createRunFolder(await temporaryFolder(), runConfig());
  const writer = new EventWriter(folder);
  writer.append(trainEvent(1, { loss: 0.5 }));
  writer.close();
  writeState(folder, runState({ status, pid: 0 }));
  return folder;
}

const remarks = async (folder: string): Promise<readonly string[]> => (await readRun(folder)).remarks;

/** The first run that a watch reports. */
function watched(folder: string): Promise<FoundRun> {
  return new Promise((resolve, reject) => {
    const listener = {
      events: () => undefined,
      run: (found: FoundRun) => {
        watch.close();
        resolve(found);
      },
      error: reject,
    };
    const watch = new RunWatch(folder, listener);
  });
}

describe('a run whose files are whole', () => {
  it.each(['running', 'stopped'] as const)('has no remarks: %s', async (status) => {
    const folder = await run(status);
    await writeControl(folder, { want: 'pause' });
    expect(await remarks(folder)).toEqual([]);
    expect((await watched(folder)).remarks).toEqual([]);
  });
});

describe('a damaged control.json', () => {
  it.each(['{"want": "st', '[]', '{"want": "sleep"}', ''])('is reported with what follows: %j', async (text) => {
    const folder = await run('running');
    await writeFile(runPaths.control(folder), text);
    const [remark, ...others] = await remarks(folder);
    expect(others).toEqual([]);
    expect(remark).toContain(runPaths.control(folder));
    expect(remark).toMatch(
      /damaged\..* The run goes on as if nobody had asked it .*; ask again to replace the file\.$/,
    );
    await writeControl(folder, { want: 'run' });
    expect(await remarks(folder)).toEqual([]);
  });

  it('of an ended run is not reported, because nobody reads it', async () => {
    const folder = await run('stopped');
    await writeFile(runPaths.control(folder), '{');
    expect(await remarks(folder)).toEqual([]);
  });
});

describe('a damaged scoring.json', () => {
  it.each(['{"status": "don', '{"status": "done"}'])('is reported with what follows: %j', async (text) => {
    const folder = await run('done');
    await writeFile(scoringPaths.state(folder), text);
    const [remark, ...others] = await remarks(folder);
    expect(others).toEqual([]);
    expect(remark).toContain(scoringPaths.state(folder));
    expect(remark).toMatch(/damaged\..* scoring the run replaces the file\.$/);
  });
});

describe('damaged lines of events.jsonl', () => {
  it('are counted in the remarks of a watched run and of the newest loss', async () => {
    const folder = await run('stopped');
    await appendFile(runPaths.events(folder), 'garbage\n{"t": 1}\n');
    const remark = `${runPaths.events(folder)} has 2 damaged lines. Margin skips them, so the curves and samples may have gaps.`;
    expect((await watched(folder)).remarks).toEqual([remark]);
    expect(await newestLoss(folder)).toEqual({ loss: 0.5, remark });
  });

  it('do not include a last line that is still written', async () => {
    const folder = await run('running');
    await appendFile(runPaths.events(folder), '{"t": 1, "st');
    expect((await watched(folder)).remarks).toEqual([]);
    expect((await newestLoss(folder)).remark).toBeNull();
  });

  it('do not include the first line of the part that the newest loss reads', async () => {
    const folder = await run('stopped');
    await appendFile(
      runPaths.events(folder),
      Array.from({ length: 2000 }, (_, i) => `${JSON.stringify(trainEvent(i, { loss: i }))}\n`).join(''),
    );
    expect(await newestLoss(folder)).toEqual({ loss: 1999, remark: null });
  });
});
