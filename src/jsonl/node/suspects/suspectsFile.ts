import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from '../../../base/node/makeFolder';
import { readLines } from '../../../base/node/readLines';
import { replaceFile } from '../../../base/node/replaceFile';
import { parseJsonObject } from '../../../base/node/smallFile';
import { MarginError } from '../../../base/pure/marginError';
import { dataStem } from '../../../pairs/marks/marksName';
import type { Suspect } from '../../../pairs/suspects/findSuspects';
import { savedLine, type SuspectsSummary } from '../../../pairs/suspects/savedSuspects';
import { SuspectBook } from '../../../pairs/suspects/suspectBook';

/** A line has at most the margins of some thousand measurements, and the last one the groups of a column. */
const maxLine = 8 << 20;
/** Rows that are written together. */
const partRows = 1024;

/** The files beside a data file that say which of its labels are suspected, and whether it pays to leave these out. */
export function suspectPaths(file: string): { readonly found: string; readonly cleaning: string } {
  const start = join(dirname(file), '.margin', 'suspects', basename(dataStem(file)));
  return { found: `${start}.jsonl`, cleaning: `${start}.cleaning.json` };
}

/** A saved search. */
export interface SavedSuspects extends SuspectsSummary {
  readonly book: SuspectBook;
  /** When it was saved, in milliseconds since 1970. */
  readonly savedAt: number;
}

/**
 * Saves a search beside its data file, complete or not at all. Returns the path.
 *
 * @param summary at least {@link SuspectsSummary}
 * @throws MarginError as `fileError`
 */
export async function saveSuspects(file: string, rows: readonly Suspect[], summary: SuspectsSummary): Promise<string> {
  const { found } = suspectPaths(file);
  await makeFolder(dirname(found));
  await replaceFile(found, linesOf(rows, summary));
  return found;
}

function* linesOf(rows: readonly Suspect[], summary: SuspectsSummary): Generator<string> {
  for (let from = 0; from < rows.length; from += partRows)
    yield rows
      .slice(from, from + partRows)
      .map((row) => `${JSON.stringify(row)}\n`)
      .join('');
  yield `${JSON.stringify(summary)}\n`;
}

/**
 * Reads the saved search of a data file.
 *
 * @param breathe is awaited between lines, so that a caller can let others work
 * @throws MarginError `missing` if nothing was saved; `corrupt` with file and line; those of `readLines`
 */
export async function readSuspects(
  file: string,
  breathe: () => Promise<void> | undefined = () => undefined,
): Promise<SavedSuspects> {
  const { found: path } = suspectPaths(file);
  const book = new SuspectBook();
  let summary: SuspectsSummary | null = null;
  for await (const { number, text } of readLines(path, maxLine)) {
    await breathe();
    if (text === '') continue;
    const place = `${path}:${number}`;
    const line = savedLine(parseJsonObject(text, place));
    if (line === null || summary !== null) throw damaged(place);
    if ('noise' in line) summary = line;
    else book.add(line);
  }
  if (summary === null) throw damaged(path);
  const { mtimeMs: savedAt } = await stat(path);
  return { ...summary, book, savedAt };
}

function damaged(place: string): MarginError {
  const message = `${place} is not a saved search for wrong labels: the file is damaged. Search again, or delete it.`;
  return new MarginError('corrupt', message, { place });
}
