import { pairKey } from '../../../jsonl/node/pairKey';
import { keyNumber } from '../../../pairs/keyNumber';
import { pairsIn } from '../../../pairs/pairsIn';
import { readRow } from '../../../pairs/readRow';
import type { Place } from '../../../protocol/pairEditor';
import type { OpenParts } from '../viewFacts';

/** The row that has the pair of a key, if the file still has it, and which of its pairs that is. */
export async function placeOf(
  { document, scan }: Pick<OpenParts, 'document' | 'scan'>,
  row: number,
  key: string,
): Promise<Place> {
  const pairIn = async (place: number): Promise<number> => {
    const [line = ''] = await document.lines.lines(place, 1);
    return pairsIn(readRow(line, document.reading)).findIndex((one) => pairKey(one) === key);
  };
  const here = await pairIn(row);
  if (here >= 0) return { row, pair: here };
  const found = (await scan.rowOf(keyNumber(key))) ?? row;
  return { row: found, pair: Math.max(0, await pairIn(found)) };
}
