import { isRecord } from '../../base/pure/isRecord';
import { readPairs } from '../../jsonl/node/readPairs';
import type { JsonObject } from '../../pairs/json';
import { detectAll } from '../../pairs/reading';

/** Rows that show what a file holds. */
const shown = 100;

/** The first rows of a file as it is on the disk, without lines that hold no object. */
export async function headRows(file: string): Promise<readonly JsonObject[]> {
  const rows: JsonObject[] = [];
  for await (const { row, value } of readPairs(file, { reading: detectAll })) {
    if (isRecord(value)) rows.push(value);
    if (row + 1 >= shown) break;
  }
  return rows;
}
