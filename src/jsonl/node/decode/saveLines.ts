import { readRows } from '../readRows';
import { writeJsonLines } from '../writeRows/jsonLines';
import type { WriteRowsOptions } from '../writeRows/rowCounter';

/** The result of saving the rows of a file as JSON Lines. */
export interface SavedLines {
  readonly rows: number;
  /** Rows that the file does not give, such as CSV records with too many cells. They are left out. */
  readonly leftOut: number;
  /** The line of the first of them; null if there is none. */
  readonly firstLeftOut: number | null;
}

/**
 * Writes the rows of a file in any container as JSON Lines. Each row keeps its text; an element of several lines is
 * written on one line.
 *
 * @throws MarginError those of {@link readRows} and {@link writeJsonLines}
 */
export async function saveJsonLines(source: string, target: string, options: WriteRowsOptions): Promise<SavedLines> {
  let leftOut = 0;
  let firstLeftOut: number | null = null;
  const texts = async function* (): AsyncGenerator<string> {
    for await (const rows of readRows(source, options.signal))
      for (const { line, text, problem } of rows) {
        if (problem === undefined) {
          yield oneLine(text);
          continue;
        }
        leftOut++;
        firstLeftOut ??= line;
      }
  };
  const rows = await writeJsonLines(texts(), target, options);
  return { rows, leftOut, firstLeftOut };
}

/** The text of a row on one line. A line break in JSON is between two tokens, where a space has the same meaning. */
export function oneLine(text: string): string {
  return text.includes('\n') ? text.replaceAll(/[\r\n][ \t\r\n]*/g, ' ') : text;
}
