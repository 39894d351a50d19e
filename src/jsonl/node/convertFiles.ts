import type { FileHandle } from 'node:fs/promises';
import { MarginError } from '../../base/pure/marginError';
import { convertRow } from '../../pairs/convert/convertRow';
import type { ReportCount } from '../../pairs/convert/report';
import { rowText } from '../../pairs/convert/rowText';
import type { ConvertOptions, Target } from '../../pairs/convert/target';
import type { JsonObject } from '../../pairs/json';
import type { Reading } from '../../pairs/reading';
import { type ReadRow, readPairs } from './readPairs';
import { saveFile } from './save';
import { isSameFile } from './target';

/** A conversion of files, one after the other. */
export interface Conversion {
  readonly files: readonly string[];
  readonly reading: Reading;
  readonly target: Target;
  readonly options: ConvertOptions;
  /** Counts what is read, written and lost. It is right up to the last row even if the conversion fails. */
  readonly count: ReportCount;
  /** The name of a file in the report. */
  nameOf(file: string): string;
  readonly signal?: AbortSignal;
  /** Called now and then. */
  readonly onProgress?: () => void;
}

/** Takes one converted row. `from` is the row that it comes from. */
export type RowSink = (row: JsonObject, from: ReadRow) => Promise<void> | void;

const progressRows = 500;
const bufferBytes = 1 << 20;

/**
 * Converts the rows of files and gives them to `sink`, in order. Only the rows in flight are in memory.
 *
 * @throws MarginError those of {@link readPairs}; the signal's reason if aborted
 */
export async function convertFiles(conversion: Conversion, sink: RowSink): Promise<void> {
  const { files, reading, target, options, count, signal } = conversion;
  let seen = 0;
  for (const file of files) {
    const name = conversion.nameOf(file);
    for await (const read of readPairs(file, { reading, ...(signal && { signal }) })) {
      const written = convertRow(read.result, target, options);
      count.add(`${name}:${read.line}`, read.result, written);
      for (const row of written.rows) await sink(row, read);
      if (++seen % progressRows === 0) conversion.onProgress?.();
    }
  }
}

/**
 * Converts files into a new file of JSON lines. It appears complete, or not at all.
 *
 * @param strict whether a row or part that is not carried is an error
 * @throws MarginError `is-input` | `not-carried` | `nothing-converted`, those of {@link convertFiles} and {@link
 *   saveFile}
 */
export async function convertToFile(conversion: Conversion, out: string, strict: boolean): Promise<void> {
  await refuseInput(conversion.files, out);
  const { signal, count } = conversion;
  const write = async (handle: FileHandle): Promise<void> => {
    const lines = new LineBuffer(handle);
    await convertFiles(conversion, (row, { text, value }) => lines.add(rowText(row, text, value)));
    await lines.flush();
    refuseLosses(count, strict);
  };
  await saveFile(out, write, signal ? { signal } : {});
}

/** @throws MarginError `nothing-converted`; `not-carried` if `strict` and anything was lost */
export function refuseLosses(count: ReportCount, strict: boolean): void {
  const { read, written, losses } = count.report;
  if (strict && losses.length > 0)
    throw new MarginError(
      'not-carried',
      'Not everything is carried, and --strict allows no loss: nothing was written.',
    );
  if (written === 0)
    throw new MarginError('nothing-converted', `None of the ${read} rows can be converted: nothing was written.`);
}

/** @throws MarginError `is-input` if a conversion would write over what it reads */
async function refuseInput(files: readonly string[], out: string): Promise<void> {
  for (const file of files) {
    if (await isSameFile(file, out))
      throw new MarginError('is-input', `${out} is the file to convert. Name another file to write.`, { file: out });
  }
}

/** Collects lines into blocks of 1 MB. */
class LineBuffer {
  private lines: string[] = [];
  private waiting = 0;

  constructor(private readonly handle: FileHandle) {}

  add(line: string): Promise<void> | void {
    this.lines.push(line);
    this.waiting += line.length + 1;
    return this.waiting >= bufferBytes ? this.flush() : undefined;
  }

  async flush(): Promise<void> {
    if (this.lines.length === 0) return;
    const text = `${this.lines.join('\n')}\n`;
    [this.lines, this.waiting] = [[], 0];
    await this.handle.writeFile(text);
  }
}
