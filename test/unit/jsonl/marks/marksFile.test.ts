import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendMarks } from '../../../../src/jsonl/node/marks/appendMarks';
import { MarksFile } from '../../../../src/jsonl/node/marks/marksFile';
import { keyNumber } from '../../../../src/pairs/keyNumber';
import { type Mark, newMark } from '../../../../src/pairs/marks/mark';
import { markLine } from '../../../../src/pairs/marks/markLines';

let folder: string;
let path: string;
const key = (i: number): string => i.toString(16).padStart(13, '0').padEnd(16, '0');
const mark = (i: number, part: Partial<Mark> = {}): Mark => ({
  ...newMark(key(i), 'ann'),
  verdict: 'keep',
  at: new Date(Date.UTC(2026, 10, 29) + i).toISOString(),
  ...part,
});
const text = (): string => readFileSync(path, 'utf8');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'margin-marks-'));
  path = join(folder, 'prefs.marks.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a marks file', () => {
  it('does not exist until the first mark, which another reader then finds', async () => {
    const [one, other] = [new MarksFile(path), new MarksFile(path)];
    await other.read();
    await one.mark(mark(1));
    expect(text()).toBe(`${markLine(mark(1))}\n`);
    await other.read();
    expect(other.book.markOf('ann', keyNumber(key(1)))?.verdict).toBe('keep');
  });

  it('loses nothing when several writers append at the same time', async () => {
    const writers = [0, 1, 2, 3].map(() => new MarksFile(path));
    await Promise.all(
      writers.map(async (file, w) => {
        for (let i = 0; i < 50; i++) await file.mark(mark(w * 50 + i));
      }),
    );
    // A writer that meets a line which is not whole yet begins a new line first, which may leave an empty one.
    expect(
      text()
        .split('\n')
        .filter((line) => line !== '').length,
    ).toBe(200);
    for (const file of writers) {
      await file.read();
      expect(file.book.size).toBe(200);
      expect(file.damaged).toEqual([]);
    }
  });

  it('begins a new line when the last one has no line end, and reads that one too', async () => {
    writeFileSync(path, markLine(mark(1)));
    const file = new MarksFile(path);
    await file.read();
    expect(file.book.size).toBe(1);
    await file.mark(mark(2));
    expect(text()).toBe(`${markLine(mark(1))}\n${markLine(mark(2))}\n`);
    expect([file.book.size, file.damaged]).toEqual([2, []]);
  });

  it('waits for the end of a line that another process is writing', async () => {
    const [start, end] = [markLine(mark(1)).slice(0, 30), markLine(mark(1)).slice(30)];
    writeFileSync(path, start);
    const file = new MarksFile(path);
    await file.read();
    expect([file.book.size, file.damaged]).toEqual([0, []]);
    appendFileSync(path, `${end}\n`);
    await file.read();
    expect([file.book.size, file.damaged]).toEqual([1, []]);
  });

  it('is read again from the start when git has merged lines into it', async () => {
    writeFileSync(path, `${markLine(mark(1))}\n${markLine(mark(2))}\n`);
    let forgotten = 0;
    const file = new MarksFile(path, () => forgotten++);
    await file.read();
    writeFileSync(path, `${markLine(mark(3))}\n${text()}${markLine(mark(4))}\n`);
    await file.read();
    expect([file.book.size, forgotten]).toEqual([4, 1]);
    rmSync(path);
    await file.read();
    expect(file.book.size).toBe(0);
  });

  it('names damaged lines, counts unknown records, and leaves both in the file', async () => {
    const before = `\ufeff${markLine(mark(1))}\r\n{"kind":"vote"}\n{"kind":"mark","key":1}\n\n{"kind":\n`;
    writeFileSync(path, before);
    const file = new MarksFile(path);
    await file.read();
    expect(file.damaged.map(({ line }) => line)).toEqual([3, 5]);
    expect(file.unknownRecords).toBe(1);
    await file.mark(mark(2));
    expect(text()).toBe(`${before}${markLine(mark(2))}\n`);
  });

  it('says what to do when it cannot be written', async () => {
    await expect(appendMarks(join(folder, 'none', 'x.marks.jsonl'), ['{}'])).rejects.toMatchObject({ code: 'missing' });
  });
});
