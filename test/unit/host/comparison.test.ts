import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RowComparison } from '../../../src/host/compare/rowComparison';
import { restoring } from '../../../src/host/compare/restoreRow';
import { ColumnsHere } from '../../../src/jsonl/node/columns/pageColumns';
import { LinesDocument } from '../../../src/jsonl/node/document';
import { detectAll } from '../../../src/pairs/reading';
import type { Restored } from '../../../src/protocol/comparison';
import { line } from '../jsonl/compare/hashed';
import { temporaryFolder } from '../jsonl/temporaryFolder';

const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => line(name)) as [string, string, string, string];

interface Opened {
  readonly lines: LinesDocument;
  readonly rows: RowComparison;
  /** Settles with the next result. */
  readonly next: () => Promise<void>;
}

async function compared(before: readonly string[], now: readonly string[]): Promise<Opened> {
  const folder = temporaryFolder();
  const open = async (name: string, texts: readonly string[]): Promise<LinesDocument> => {
    const file = join(folder, name);
    await writeFile(file, texts.map((text) => `${text}\n`).join(''));
    const document = await LinesDocument.open(file);
    onTestFinished(() => document.close());
    return document;
  };
  const [lines, old] = [await open('now.jsonl', now), await open('before.jsonl', before)];
  let resolve = (): void => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const next = (): Promise<void> => new Promise<void>((done, failed) => ([resolve, reject] = [done, failed]));
  const rows = new RowComparison({
    lines,
    before: old,
    pages: new ColumnsHere(),
    reading: () => detectAll,
    readingBefore: () => detectAll,
    changed: () => resolve(),
    failed: (error: unknown) => reject(error),
  });
  onTestFinished(() => rows.close());
  await rows.run();
  return { lines, rows, next };
}

const kinds = ({ lines, rows }: Opened): string[] =>
  Array.from({ length: lines.rowCount }, (_, row) => rows.kindsOf(row).join('+'));

describe('the comparison of an open document', () => {
  it('has the unsaved edits, follows each at once, and compares again soon', async () => {
    const opened = await compared([a, b, c], [a, b, c]);
    const { lines, rows, next } = opened;
    expect(rows.counts).toEqual({ added: 0, edited: 0, moved: 0, lost: 0 });
    lines.applyEdit({ op: 'replace', row: 1, line: line('b', 'mended'), previous: b });
    lines.applyEdit({ op: 'delete', row: 0, lines: [a] });
    lines.applyEdit({ op: 'insert', row: 2, lines: [d] });
    expect(kinds(opened)).toEqual(['edited', '', 'added']);
    await next();
    expect(kinds(opened)).toEqual(['edited', '', 'added']);
    expect(rows.counts).toEqual({ added: 1, edited: 1, moved: 0, lost: 1 });
    lines.applyEdit({ op: 'replace', row: 0, line: b, previous: line('b', 'mended') });
    await next();
    expect(rows.counts).toEqual({ added: 1, edited: 0, moved: 0, lost: 1 });
  });

  it('restores an edited, a moved and a lost row', async () => {
    const opened = await compared([a, b, c, d], [d, line('a', 'other'), c]);
    const { lines, rows, next } = opened;
    const restore = async (restored: Restored): Promise<void> => {
      const { edits } = await restoring(lines, rows, restored);
      const done = next();
      for (const edit of edits) lines.applyEdit(edit);
      await done;
    };
    expect(kinds(opened)).toEqual(['moved', 'edited', '']);
    await restore({ kind: 'row', row: 1 });
    await restore({ kind: 'back', row: 0 });
    await restore({ kind: 'lost', origin: 1 });
    expect(await lines.lines(0, 9)).toEqual([a, b, c, d]);
    expect(rows.counts).toEqual({ added: 0, edited: 0, moved: 0, lost: 0 });
    await expect(restoring(lines, rows, { kind: 'back', row: 0 })).rejects.toMatchObject({
      code: 'nothing-to-restore',
    });
  });

  it('ends where it is when the person cancels it', async () => {
    const { rows } = await compared([a], [a]);
    rows.again();
    const aborted = AbortSignal.abort(new Error('cancelled'));
    await expect(rows.run(undefined, aborted)).rejects.toThrow('cancelled');
  });
});
