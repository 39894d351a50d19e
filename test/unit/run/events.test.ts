import { appendFile, readFile, readdir, stat, truncate, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { EventWriter, eventsStart, lastTrainMetrics, readAllEvents, readEvents } from '../../../src/run/events';
import { runPaths } from '../../../src/run/folder';
import type { RunEvent } from '../../../src/run/types';
import { trainEvent } from './samples';
import { fillDisk } from './fullDisk';
import { temporaryFolder } from './temporaryFolder';

function append(folder: string, ...events: readonly RunEvent[]): void {
  const writer = new EventWriter(folder);
  for (const event of events) writer.append(event);
  writer.close();
}

describe('events', () => {
  it('read back in order, with the numbers that JSON lacks', async () => {
    const folder = await temporaryFolder();
    const events: RunEvent[] = [
      trainEvent(1, { loss: NaN, grad_norm: Infinity, 'logps/chosen': -Infinity }),
      { t: 2, step: 1, kind: 'note', message: 'line one\nline two ✓ "NaN"' },
      { t: 3, step: 1, kind: 'rewards', path: 'rewards/step-000001.jsonl' },
      { t: 4, step: 1, kind: 'sample', prompt: 'p', before: 'NaN', after: 'Infinity' },
    ];
    append(folder, ...events);
    expect(await readAllEvents(folder)).toEqual(events);
  });

  it('are none before the file exists', async () => {
    expect(await readEvents(await temporaryFolder(), eventsStart)).toEqual({
      events: [],
      place: eventsStart,
      more: false,
    });
  });

  it('continue from the position of a reader', async () => {
    const folder = await temporaryFolder();
    append(folder, trainEvent(1, { loss: 1 }));
    const first = await readEvents(folder, eventsStart);
    append(folder, trainEvent(2, { loss: 2 }));
    const second = await readEvents(folder, first.place);
    expect(second.events).toEqual([trainEvent(2, { loss: 2 })]);
    expect((await readEvents(folder, second.place)).events).toEqual([]);
  });

  it('leave an incomplete last line for the next read', async () => {
    const folder = await temporaryFolder();
    append(folder, trainEvent(1, { loss: 1 }));
    const line = JSON.stringify(trainEvent(2, { loss: 2 }));
    await appendFile(runPaths.events(folder), line.slice(0, 10));
    const first = await readEvents(folder, eventsStart);
    expect(first.events).toHaveLength(1);
    await appendFile(runPaths.events(folder), `${line.slice(10)}\n`);
    expect((await readEvents(folder, first.place)).events).toEqual([trainEvent(2, { loss: 2 })]);
  });

  it('of a long file come in pages, each event once, even if a line is longer than a page', async () => {
    const folder = await temporaryFolder();
    const events = Array.from({ length: 3000 }, (_, i): RunEvent =>
      i % 1000 === 500
        ? { t: i, step: i, kind: 'note', message: 'long '.repeat(120_000) }
        : trainEvent(i, { loss: i, 'rewards/margins': i / 3 }),
    );
    await writeFile(runPaths.events(folder), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    expect((await readEvents(folder, eventsStart)).more).toBe(true);
    expect(await readAllEvents(folder)).toEqual(events);
  });

  it('survive a kill at any byte of a write: the incomplete line is lost, and the lines after it are whole', async () => {
    const folder = await temporaryFolder();
    const [first, second, third] = [
      trainEvent(1, { loss: 1 }),
      trainEvent(2, { loss: 2.5 }),
      trainEvent(3, { loss: 3 }),
    ];
    append(folder, first, second);
    const path = runPaths.events(folder);
    const whole = await readFile(path);
    const firstEnd = Buffer.byteLength(JSON.stringify(first)) + 1;
    for (let size = firstEnd; size <= whole.length; size++) {
      await writeFile(path, whole);
      await truncate(path, size);
      append(folder, third);
      const kept = size >= whole.length - 1 ? [first, second, third] : [first, third];
      expect(await readAllEvents(folder), `killed after ${size} bytes`).toEqual(kept);
    }
  });

  it('after the step that a run resumes from are removed, and incomplete lines too; readers start again', async () => {
    const folder = await temporaryFolder();
    const [first, second, third] = [trainEvent(1, { loss: 1 }), trainEvent(2, { loss: 2 }), trainEvent(3, { loss: 3 })];
    append(folder, first, second, third);
    await appendFile(runPaths.events(folder), '{"t": 4, "st');
    const { place } = await readEvents(folder, eventsStart);
    const writer = new EventWriter(folder);
    await writer.truncateAfter(1);
    expect(await readAllEvents(folder)).toEqual([first]);
    // The new file is longer than what was read, so only its content differs.
    const again = [trainEvent(2, { loss: 4 }), trainEvent(3, { loss: 5 }), trainEvent(4, { loss: 6 })];
    for (const event of again) writer.append(event);
    writer.close();
    expect((await readEvents(folder, place)).events).toEqual([first, ...again]);
    expect((await readdir(folder)).sort()).toEqual(['events.jsonl']);
  });

  it('of a step that come after its checkpoint are removed too, since a stopped run wrote them', async () => {
    const folder = await temporaryFolder();
    const checkpoint = (step: number): RunEvent => ({ t: 1, step, kind: 'checkpoint', path: `checkpoints/${step}` });
    const kept = [trainEvent(1, { loss: 1 }), checkpoint(1), trainEvent(2, { loss: 2 }), checkpoint(2)];
    append(
      folder,
      ...kept,
      { t: 5, step: 2, kind: 'eval', metrics: { eval_loss: 1 } },
      { t: 6, step: 2, kind: 'note', message: 'the end' },
    );
    const writer = new EventWriter(folder);
    expect(await writer.truncateAfter(2)).toBe(true);
    expect(await readAllEvents(folder)).toEqual(kept);
    expect(await writer.truncateAfter(3)).toBe(false);
    writer.close();
    expect(await readAllEvents(folder)).toEqual(kept);
  });

  it('stay as they are if a run resumes from its last step', async () => {
    const folder = await temporaryFolder();
    append(folder, trainEvent(1, { loss: 1 }), trainEvent(2, { loss: 2 }));
    const { ino } = await stat(runPaths.events(folder));
    const writer = new EventWriter(folder);
    await writer.truncateAfter(2);
    writer.close();
    expect((await stat(runPaths.events(folder))).ino).toBe(ino);
  });

  it('skip lines that hold no event, and count them', async () => {
    const folder = await temporaryFolder();
    await writeFile(runPaths.events(folder), 'null\n3\n{}\n\n{"t":1,"step":1,"kind":"train"}\n\u0000\u0000\n');
    append(folder, trainEvent(1, { loss: 1 }));
    expect(await readAllEvents(folder)).toEqual([trainEvent(1, { loss: 1 })]);
    const { place } = await readEvents(folder, eventsStart);
    expect(place.damaged).toBe(5);
    await appendFile(runPaths.events(folder), 'zzz\n');
    expect((await readEvents(folder, place)).place.damaged, 'further on').toBe(6);
    expect(await lastTrainMetrics(folder)).toEqual({ metrics: { loss: 1 }, damaged: 6 });
  });

  it('name the file if they cannot be written', async () => {
    const folder = await temporaryFolder();
    expect(() => new EventWriter(`${folder}/gone`)).toThrow(/Cannot write .*gone.*events\.jsonl/);
  });

  it.skipIf(process.platform !== 'linux')('say that the disk is full', async () => {
    const folder = await temporaryFolder();
    const writer = new EventWriter(folder);
    fillDisk(runPaths.events(folder));
    expect(() => writer.append(trainEvent(1, { loss: 1 }))).toThrow(/events\.jsonl: the disk is full/);
    writer.close();
  });
});

it('the last train metrics come from the end of the file', async () => {
  const folder = await temporaryFolder();
  expect(await lastTrainMetrics(folder)).toEqual({ metrics: null, damaged: 0 });
  const random = seededRandom(7);
  append(folder, ...Array.from({ length: 2000 }, (_, i) => trainEvent(i, { loss: random() })), {
    t: 1,
    step: 2000,
    kind: 'note',
    message: 'end',
  });
  append(folder, trainEvent(2001, { loss: 42 }), { t: 1, step: 2001, kind: 'note', message: 'end' });
  expect(await lastTrainMetrics(folder)).toEqual({ metrics: { loss: 42 }, damaged: 0 });
});
