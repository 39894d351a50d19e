import { appendFile, rm, writeFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { blockedEvents } from '../../../src/run/blockedEvents';
import { CurveStore } from '../../../src/run/curves';
import { eventLine } from '../../../src/run/eventLines';
import { createRunFolder, runPaths, writeState } from '../../../src/run/folder';
import { previewEvents } from '../../../src/run/previewEvents';
import { EventWatch } from '../../../src/run/watch';
import { runConfig, runState, trainEvent } from './samples';
import { temporaryFolder } from './temporaryFolder';

const patience = { timeout: 20_000 };
const textOf = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, i) => `${eventLine(trainEvent(from + i, { loss: from + i }))}\n`).join('');

async function runOf(events: string): Promise<string> {
  const folder = await createRunFolder(await temporaryFolder(), runConfig());
  await writeFile(runPaths.events(folder), events);
  writeState(folder, runState({ status: 'stopped' }));
  return folder;
}

function watched(folder: string): { curves: CurveStore; errors: string[]; watch: EventWatch<unknown> } {
  const curves = new CurveStore();
  const errors: string[] = [];
  const watch = new EventWatch(
    folder,
    {
      events: ({ points }) => curves.addBlock(points),
      run: () => undefined,
      error: (error) => errors.push(String(error)),
    },
    async (lines) => blockedEvents(lines),
  );
  onTestFinished(() => watch.close());
  return { curves, errors, watch };
}

describe('the points that a thread hands over', () => {
  it('are those of the events, with the others beside them', () => {
    const note = '{"t":1,"step":2,"kind":"note","message":"saved"}\n';
    const { events, damaged } = blockedEvents(new Uint8Array(Buffer.from(`${textOf(1, 3)}${note}{"t":\n`)));
    const curves = new CurveStore();
    curves.addBlock(events.points);
    expect([...curves.columns().steps]).toEqual([1, 2, 3]);
    expect([events.others.map(({ kind }) => kind), damaged]).toEqual([['note'], 1]);
  });
});

describe('a watched run', () => {
  it('leaves a half-written last line until it is whole', async () => {
    const whole = textOf(1, 3);
    const folder = await runOf(whole.slice(0, -12));
    const { curves, watch } = watched(folder);
    await watch.read();
    expect(curves.length).toBe(2);
    await appendFile(runPaths.events(folder), whole.slice(-12));
    await vi.waitFor(() => expect(curves.length).toBe(3), patience);
  });

  it('whose folder is deleted keeps its points and says so once', async () => {
    const folder = await runOf(textOf(1, 3));
    const { curves, errors, watch } = watched(folder);
    await watch.read();
    await rm(folder, { recursive: true });
    await vi.waitFor(() => expect(errors).toHaveLength(1), patience);
    await watch.read();
    await watch.read();
    expect([curves.length, errors.length]).toEqual([3, 1]);
  });

  it('grows where the file system reports no changes, as on a network folder', async () => {
    const folder = await runOf(textOf(1, 2));
    const { curves, watch } = watched(folder);
    // What a network folder is to the watcher of Node: it never calls.
    (watch as unknown as { watcher: { close(): void } | null }).watcher?.close();
    await watch.read();
    await appendFile(runPaths.events(folder), textOf(3, 9));
    await vi.waitFor(() => expect(curves.length).toBe(9), patience);
  });
});

describe('the preview of a run', () => {
  it('of a short run is none', async () => {
    expect(await previewEvents(await runOf(textOf(1, 50)))).toBeNull();
    expect(await previewEvents(await temporaryFolder())).toBeNull();
  });

  it('of a long run has points from start to end, each as it was logged', async () => {
    const steps = 120_000;
    const events = await previewEvents(await runOf(textOf(1, steps)));
    const curves = new CurveStore();
    curves.add(events ?? []);
    const { steps: shown, series } = curves.columns();
    expect(shown.length).toBeGreaterThan(200);
    expect([shown[0], shown.at(-1)]).toEqual([1, steps]);
    expect([...(series['loss'] ?? [])]).toEqual([...shown]);
  });
});
