import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EventWriter, eventsStart, readEvents } from '../../../src/run/events';
import { readState } from '../../../src/run/folder';
import type { RunState } from '../../../src/run/types';
import { onBatteryOfLinux, onBatteryOfMac } from '../../../src/train/battery';
import { waitForRoom } from '../../../src/train/checkpointRoom';
import { RunReporter } from '../../../src/train/reporter';
import { temporaryFolder } from '../run/temporaryFolder';

const notesOf = async (folder: string): Promise<string[]> =>
  (await readEvents(folder, eventsStart)).events.flatMap((event) => (event.kind === 'note' ? [event.message] : []));

describe('a machine that slept', () => {
  const quiet = (): void => undefined;

  it('is noted, and its time counts neither in the speed nor in the time left', async () => {
    const folder = await temporaryFolder();
    const now = { wall: 1e12, steady: 0 };
    const pass = (wall: number, steady: number): void => void ((now.wall += wall), (now.steady += steady));
    const clocks = { wall: () => now.wall, steady: () => now.steady };
    const reporter = new RunReporter(folder, new EventWriter(folder), quiet, clocks);
    reporter.update({ steps: 100 });
    for (let step = 1; step <= 10; step++) {
      pass(step === 6 ? 7_200_000 : 500, 500);
      reporter.stepped(step, { seconds: 0.5, pairs: 8, tokens: 400 });
    }
    reporter.end('done');
    expect(await notesOf(folder)).toEqual([expect.stringMatching(/^The machine slept for about 2 h 0 min/)]);
    expect((await readState(folder))?.pairs_per_second).toBeCloseTo(16);
  });

  it('shows where the steady clock goes on too, by one very long step', async () => {
    const folder = await temporaryFolder();
    const reporter = new RunReporter(folder, new EventWriter(folder), quiet);
    reporter.update({ steps: 100 });
    for (let step = 1; step <= 10; step++)
      reporter.stepped(step, { seconds: step === 6 ? 3600 : 0.5, pairs: 8, tokens: 400 });
    expect((await readState(folder))?.eta).toBeCloseTo(45);
    reporter.end('done');
    expect(await notesOf(folder)).toEqual([expect.stringMatching(/slept for about 60 min/)]);
  });

  it('is not assumed from slow first steps or from a step that is a little longer', async () => {
    const folder = await temporaryFolder();
    const reporter = new RunReporter(folder, new EventWriter(folder), quiet);
    for (const [i, seconds] of [90, 80, 100, 300].entries())
      reporter.stepped(i + 1, { seconds, pairs: 8, tokens: 400 });
    reporter.end('done');
    expect(await notesOf(folder)).toEqual([]);
  });
});

describe('a battery', () => {
  async function supplies(list: Readonly<Record<string, Readonly<Record<string, string>>>>): Promise<string> {
    const folder = await temporaryFolder();
    for (const [name, files] of Object.entries(list)) {
      mkdirSync(join(folder, name));
      for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), `${text}\n`);
    }
    return folder;
  }
  const battery = { type: 'Battery', status: 'Discharging' };

  it.each([
    [{ BAT0: battery, AC: { type: 'Mains', online: '0' } }, true],
    [{ BAT0: battery, AC: { type: 'Mains', online: '1' } }, false],
    [{ BAT0: battery, AC: { type: 'Mains', online: '0' }, usb: { type: 'USB', online: '1' } }, false],
    [{ BAT0: battery }, true],
    [{ BAT0: { type: 'Battery', status: 'Full' } }, false],
    [{ mouse: { ...battery, scope: 'Device' } }, null],
    [{ AC: { type: 'Mains', online: '1' } }, null],
    [{}, null],
  ])('of Linux: %j', async (list, expected) => {
    expect(await onBatteryOfLinux(await supplies(list))).toBe(expected);
  });

  it('of macOS, from pmset', () => {
    expect(onBatteryOfMac("Now drawing from 'Battery Power'\n -InternalBattery-0 (id=1)\t81%; discharging")).toBe(true);
    expect(onBatteryOfMac("Now drawing from 'AC Power'\n -InternalBattery-0 (id=1)\t100%; charged")).toBe(false);
    expect(onBatteryOfMac("Now drawing from 'AC Power'")).toBeNull();
  });

  it('is absent if the system has no such folder', async () => {
    expect(await onBatteryOfLinux('/nowhere')).toBeNull();
  });
});

describe('a disk that fills', () => {
  interface Told {
    readonly notes: string[];
    readonly updates: Partial<RunState>[];
  }
  function reporter(): Told & { note(text: string): void; update(change: Partial<RunState>): void } {
    const told: Told = { notes: [], updates: [] };
    return { ...told, note: (text) => void told.notes.push(text), update: (change) => void told.updates.push(change) };
  }
  const asks = (frees: number[], isStopped = false) => ({
    free: async () => frees.shift() ?? 0,
    isStopped: async () => isStopped,
    pause: async () => undefined,
  });

  it('pauses the run before the checkpoint, says why, and lets it go on when there is room', async () => {
    const told = reporter();
    await waitForRoom('/runs/a', 50, 500e6, told, asks([10e6, 20e6, 900e6]));
    expect(told.updates).toEqual([{ status: 'paused', eta: null }, { status: 'running' }]);
    expect(told.notes[0]).toMatch(
      /^Paused: the checkpoint of step 50 needs 568 MB, and the disk of \/runs\/a has 10 MB/,
    );
    expect(told.notes[1]).toContain('There is room again');
  });

  it('says nothing while there is room, and ends the wait when the run is asked to stop', async () => {
    const told = reporter();
    await waitForRoom('/runs/a', 50, 500e6, told, asks([900e6]));
    expect([told.notes, told.updates]).toEqual([[], []]);
    await waitForRoom('/runs/a', 50, 500e6, told, asks([10e6, 10e6], true));
    expect(told.updates).toEqual([{ status: 'paused', eta: null }]);
  });
});
