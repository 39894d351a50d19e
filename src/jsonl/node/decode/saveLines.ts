import { readRows } from '../readRows';
import { writeJsonLines } from '../writeRows/jsonLines';
import type { WriteRowsOptions } from '../writeRows/rowCounter';

/** What became of the rows of a file that was saved as JSON Lines. */
export interface SavedLines {
  readonly rows: number;
  /** Rows that the file does not give, such as CSV records with too many cells. They are left out. */
  readonly leftOut: number;
  /** The line of the first of them; null if there is none. */
  readonly firstLeftOut: number | null;
}

/**
 * Writes the rows of a file as JSON Lines, whatever holds them. Each row keeps its text; an element that has several
 * lines gets one.
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

/** The text of a row on one line. Line breaks of JSON stand between its tokens, where a space means the same. */
function oneLine(text: string): string {
  return text.includes('\n') ? text.replaceAll(/[\r\n][ \t\r\n]*/g, ' ') : text;
}
