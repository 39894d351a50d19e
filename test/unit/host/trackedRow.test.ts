import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type RowEvent, TrackedRow } from '../../../src/host/rowText/trackedRow';
import { LinesDocument } from '../../../src/jsonl/node/document';
import { temporaryFolder } from '../jsonl/temporaryFolder';

interface Tracked {
  readonly lines: LinesDocument;
  readonly row: TrackedRow;
  readonly events: readonly RowEvent[];
  readonly file: string;
}

describe('a row that is open as a file', () => {
  const folder = temporaryFolder();
  let files = 0;
  async function tracked(number: number): Promise<Tracked> {
    const file = join(folder, `${files++}.jsonl`);
    await writeFile(file, '"a"\n"b"\n"c"\n');
    const lines = await LinesDocument.open(file);
    await lines.whenIndexed();
    const events: RowEvent[] = [];
    const [text = ''] = await lines.lines(number, 1);
    const row = new TrackedRow(lines, number, text, (event) => events.push(event));
    onTestFinished(() => (row.close(), lines.close()));
    return { lines, row, events, file };
  }

  it('is followed while rows move, and its text while others edit it', async () => {
    const { lines, row, events } = await tracked(1);
    lines.applyEdit({ op: 'insert', row: 0, lines: ['"x"'] });
    lines.applyEdit({ op: 'move', from: 3, count: 1, to: 0 });
    expect([row.row, row.text, events]).toEqual([3, '"b"', []]);
    lines.applyEdit({ op: 'replace', row: 3, line: '"B"', previous: '"b"' });
    expect([row.row, row.text, events]).toEqual([3, '"B"', ['changed']]);
  });

  it('is gone when it is deleted, and back when that is undone', async () => {
    const { lines, row, events } = await tracked(1);
    const applied = lines.applyEdit({ op: 'delete', row: 0, lines: ['"a"', '"b"'] });
    expect([row.row, row.text, events]).toEqual([null, '"b"', ['gone']]);
    applied.undo();
    expect([row.row, events]).toEqual([1, ['gone', 'back']]);
  });

  it('is the same row after the file was read again only if its text is there', async () => {
    const { lines, row, events, file } = await tracked(1);
    await writeFile(file, '"A"\n"b"\n');
    await lines.revert();
    await expect.poll(() => [row.row, events]).toEqual([1, []]);
    await writeFile(file, '"b"\n"A"\n');
    await lines.revert();
    await expect.poll(() => [row.row, events]).toEqual([null, ['gone']]);
  });
});
