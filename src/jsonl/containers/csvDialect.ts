import { at } from '../../base/pure/must';
import type { Delimiter } from './container';

const delimiters: readonly Delimiter[] = ['\t', ',', ';'];
/** Records that are compared; the first few hundred lines of a file show its delimiter. */
const compared = 200;

/**
 * The delimiter of a CSV text: the one that gives most records as many cells as the header has, and at least two. A
 * text with a single column has no delimiter; the result is the comma.
 *
 * @param text the start of the file; its last record may be cut off
 * @param among the candidates, all by default
 */
export function delimiterOf(text: string, among: readonly Delimiter[] = delimiters): Delimiter {
  const scores = among.map((delimiter) => {
    const [header = 0, ...others] = cellCounts(text, delimiter);
    return header < 2 ? 0 : 1 + others.filter((cells) => cells === header).length;
  });
  const best = Math.max(...scores);
  return best === 0 ? ',' : at(among, scores.indexOf(best));
}

/** The number of cells of each of the first records. Blank lines are not records. */
function cellCounts(text: string, delimiter: Delimiter): number[] {
  const counts: number[] = [];
  let [cells, quoted, cellStart] = [1, false, 0];
  let recordStart = 0;
  for (let i = 0; i < text.length && counts.length < compared; i++) {
    const char = text[i];
    if (char === '"') quoted = quoted ? false : i === cellStart || text[i - 1] === '"';
    if (quoted) continue;
    if (char === delimiter) [cells, cellStart] = [cells + 1, i + 1];
    else if (char === '\n') {
      if (text.slice(recordStart, i).trim() !== '') counts.push(cells);
      [cells, cellStart, recordStart] = [1, i + 1, i + 1];
    }
  }
  return counts;
}
