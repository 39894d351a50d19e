import type { EditorLines } from './editorLines';
import { runsOf } from './neighbours';
import { Slices } from './slices';

/** Calls `of` for each row, in slices that keep the host responsive. Neighbouring rows are read together. */
export async function eachRow<T>(
  rows: readonly number[],
  lines: Pick<EditorLines, 'lines'>,
  of: (row: number, line: string) => T,
): Promise<T[]> {
  const slices = new Slices();
  const made: T[] = [];
  for (const { start, length } of runsOf(rows)) {
    for (const [i, line] of (await lines.lines(start, length)).entries()) {
      await slices.breathe();
      made.push(of(start + i, line));
    }
  }
  return made;
}
