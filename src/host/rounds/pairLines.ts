import { appendedLine } from '../../pairs/appendedLine';
import type { Reading } from '../../pairs/reading';
import { writeLine } from '../../pairs/writeLine';
import type { RoundPair } from '../../run/rounds/pairs';

/**
 * The lines of judged pairs for the end of a file: in the shape and style of the row before them where that has a place
 * for them, and with the key `margin_provenance`, which says where each pair comes from.
 *
 * @param neighbour the last line of the file; null if it is empty
 */
export function pairLines(pairs: readonly RoundPair[], neighbour: string | null, reading: Reading): readonly string[] {
  return pairs.map(({ prompt, chosen, rejected, margin_provenance: provenance }) => {
    const { line } = appendedLine({ style: 'chat', prompt, chosen, rejected }, neighbour, reading);
    const value = JSON.parse(line) as Readonly<Record<string, unknown>>;
    return writeLine(line, { ...value, margin_provenance: provenance });
  });
}
