import { isCsv } from '../../containers/csvLayout';
import type { CsvLayout } from '../../rowIndex';
import { CsvRecords } from '../../containers/csvRecords';
import type { LineFile } from '../lineFile';
import type { PartBytes } from '../search/partBytes';
import type { SearchPart } from '../search/searchPlan';
import { textsIn } from './partTexts';
import { textParts, type WantedPart } from './wantedParts';

/** Rows that a thread is asked for, as plain data: all rows of its parts. */
export interface AskedRows {
  /** The open file, which all threads of the process share. */
  readonly fd: number;
  /** Names the file in errors. */
  readonly name: string;
  readonly csv: { readonly head: string; readonly layout: CsvLayout } | null;
  readonly parts: readonly SearchPart[];
}

/** What a thread needs to read some parts of a file. */
export async function askedRows(file: LineFile, share: readonly WantedPart[], fd: number): Promise<AskedRows> {
  const { name, index } = file;
  const csv = isCsv(index.layout) ? { head: index.frame.head, layout: index.layout } : null;
  // The bytes of a file that is kept are in this thread.
  const parts = file.isKept ? await textParts(file, share) : share.map(({ part }) => part);
  return { fd, name, csv, parts };
}

/** Reads the rows in a thread. @returns null if the bytes are not those of the index */
export function textsOfAsked({ fd, name, csv, parts }: AskedRows, reader: PartBytes): string[] | null {
  const records = csv && new CsvRecords(csv.head, csv.layout, name);
  const texts: string[] = [];
  for (const part of parts) {
    if (part.kind === 'text') {
      texts.push(part.text);
      continue;
    }
    const bytes = reader.of(fd, name, part);
    if (bytes === null) return null;
    for (const text of textsIn(part, bytes, records)) texts.push(text);
  }
  return texts;
}
