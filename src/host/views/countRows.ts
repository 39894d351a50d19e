import { stat } from 'node:fs/promises';
import { LineFile } from '../../jsonl/lineFile';
import { readPairs } from '../../jsonl/readPairs';
import { checkRow } from '../../pairs/checks';
import { Slices } from '../pairEditor/slices';

/** Larger files are only indexed here; the editor checks them when they are opened. */
const maxChecked = 64 * 1024 * 1024;
/** Lines read to tell a file's shape and whether it holds pairs at all. */
const sniffed = 50;

export interface RowCounts {
  readonly rows: number;
  /** Rows with errors or warnings; null where the file is too large to check all of it. */
  readonly problems: number | null;
}

/** The shape of a file's first pair; null where its first lines hold none. */
export async function shapeOf(file: string): Promise<string | null> {
  let seen = 0;
  for await (const { result } of readPairs(file)) {
    if (result.kind === 'pair') return result.format.label;
    if (++seen === sniffed) break;
  }
  return null;
}

/** Goes over the whole file, in slices. Throws what the file's reading throws, and the signal's reason. */
export async function countRows(file: string, signal: AbortSignal): Promise<RowCounts> {
  if ((await stat(file)).size > maxChecked) return { rows: await indexedRows(file, signal), problems: null };
  const slices = new Slices(signal);
  let rows = 0;
  let problems = 0;
  for await (const { result } of readPairs(file, signal)) {
    await slices.breathe();
    rows++;
    if (checkRow(result).some(({ severity }) => severity !== 'info')) problems++;
  }
  return { rows, problems };
}

async function indexedRows(path: string, signal: AbortSignal): Promise<number> {
  const file = await LineFile.open(path);
  try {
    await file.readIndex({ signal });
    return file.index.count;
  } finally {
    await file.close();
  }
}
