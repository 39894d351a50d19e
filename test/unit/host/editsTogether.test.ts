import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { must } from '../../../src/base/pure/must';
import { applyTogether, type Together } from '../../../src/host/pairEditor/editsTogether';
import { LinesDocument } from '../../../src/jsonl/node/document';
import type { Edit } from '../../../src/pairs/edits';

let folder: string;
let document: LinesDocument;
const text = ['{"a":0}', '{"a":1}', '{"a":2}', '{"a":3}'];
const rows = (): Promise<string[]> => document.lines(0, 9);
const edits: readonly Edit[] = [
  { op: 'delete', row: 2, lines: [text[2] ?? '', text[3] ?? ''] },
  { op: 'replace', row: 0, line: '{"a":9}', previous: text[0] ?? '' },
];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'margin-together-'));
  writeFileSync(join(folder, 'a.jsonl'), text.map((line) => `${line}\n`).join(''));
  document = await LinesDocument.open(join(folder, 'a.jsonl'));
  await document.whenIndexed();
});
afterEach(async () => {
  await document.close();
  rmSync(folder, { recursive: true, force: true });
});

async function together(all: readonly Edit[] = edits): Promise<Together> {
  return must(await applyTogether(document, all), 'the applied edits');
}

it('edits that were applied together are undone and redone together, also after a save', async () => {
  const applied = await together();
  expect(await rows()).toEqual(['{"a":9}', '{"a":1}']);
  await applied.undo();
  expect([await rows(), document.isDirty]).toEqual([text, false]);
  await applied.redo();
  await document.save();
  await applied.undo();
  expect(await rows()).toEqual(text);
});

it('an undo of many edits says how far it is', async () => {
  const many = Array.from({ length: 20_000 }, (_, i): Edit => {
    const [line, previous] = i % 2 === 0 ? ['{"a":9}', text[0] ?? ''] : [text[0] ?? '', '{"a":9}'];
    return { op: 'replace', row: 0, line, previous };
  });
  const applied = await together(many);
  expect(applied.count).toBe(many.length);
  const told: number[] = [];
  await applied.undo((undone) => told.push(undone));
  expect(told.every((undone, i) => undone > (told[i - 1] ?? -1) && undone <= many.length)).toBe(true);
  expect(await rows()).toEqual(text);
});

it('if one of the edits cannot be made, none is', async () => {
  const wrong: Edit = { op: 'replace', row: 99, line: '{}', previous: '' };
  await expect(applyTogether(document, [...edits, wrong])).rejects.toThrow();
  expect([await rows(), document.isDirty]).toEqual([text, false]);
});

it('a save tells which edits the file has now', async () => {
  const saved: (readonly Edit[])[] = [];
  document.onDidChange((change) => change.kind === 'saved' && saved.push(change.edits));
  await together();
  await document.save();
  expect(saved).toMatchObject([edits]);
});

describe('many edits, each of which takes a millisecond', () => {
  const many = Array.from({ length: 500 }, (_, i): Edit => {
    return { op: 'replace', row: 0, line: `{"a":${i}}`, previous: i === 0 ? must(text[0], 'a row') : `{"a":${i - 1}}` };
  });
  const slice = 50;
  let now = 0;
  beforeEach(() => {
    now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    document.onDidChange(({ kind }) => kind === 'edited' && now++);
  });
  afterEach(() => vi.restoreAllMocks());

  /** Runs work. @returns the longest time that other work had to wait for its turn, in milliseconds */
  async function longestBlock(work: () => Promise<unknown>): Promise<number> {
    let [longest, last, isDone] = [0, now, false];
    const turn = (): void => {
      longest = Math.max(longest, now - last);
      last = now;
      if (!isDone) setImmediate(turn);
    };
    turn();
    await work().finally(() => (isDone = true));
    return Math.max(longest, now - last);
  }

  it('are applied, undone and redone in slices, with progress', async () => {
    let applied: Together | null = null;
    const done: number[] = [];
    const apply = async (): Promise<void> => {
      applied = await applyTogether(document, many, { progress: (count) => done.push(count) });
    };
    expect(await longestBlock(apply)).toBeLessThan(slice);
    expect(done.length).toBeGreaterThan(many.length / slice);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    const step = must<Together>(applied, 'the applied edits');
    expect(await longestBlock(() => step.undo())).toBeLessThan(slice);
    expect([await rows(), document.isDirty]).toEqual([text, false]);
    expect(await longestBlock(() => step.redo())).toBeLessThan(slice);
    expect(await document.lines(0, 1)).toEqual(['{"a":499}']);
  });

  it('are taken back when the person cancels', async () => {
    const cancel = new AbortController();
    const applied = applyTogether(document, many, { signal: cancel.signal, progress: () => cancel.abort() });
    await expect(applied).rejects.toMatchObject({ name: 'AbortError' });
    expect([now > 0, await rows(), document.isDirty]).toEqual([true, text, false]);
  });

  it('are taken back when another edit, or a revert, comes in between', async () => {
    const other: Edit = { op: 'replace', row: 3, line: '{"a":"other"}', previous: must(text[3], 'a row') };
    let isFirst = true;
    const edit = (): void => {
      if (isFirst) document.applyEdit(other);
      isFirst = false;
    };
    expect(await applyTogether(document, many, { progress: edit })).toBeNull();
    expect(await rows()).toEqual([...text.slice(0, 3), other.line]);
    const reverts: Promise<void>[] = [];
    // Each slice waits for the revert, which reads the file, and would otherwise come after the last edit at times.
    const slower = (turn: () => void): unknown => setTimeout(turn, reverts.length > 0 ? 20 : 0);
    vi.spyOn(globalThis, 'setImmediate').mockImplementation(slower as typeof setImmediate);
    const revert = (): void => {
      if (reverts.length === 0) reverts.push(document.revert());
    };
    expect(await applyTogether(document, many, { progress: revert })).toBeNull();
    await Promise.all(reverts);
    expect([await rows(), document.isDirty]).toEqual([text, false]);
  });
});
