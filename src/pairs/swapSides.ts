import { isRecord } from '../base/pure/isRecord';
import { withCopies } from './copies';
import { serialise, styleOf } from './jsonStyle';
import type { Reading } from './reading';
import { type JsonEntry, type JsonNode, scanJson } from './scanJson';
import { otherSideKey } from './sideColumns';
import { type Splice, splice } from './splice';
import { writeLine } from './writeLine';

/**
 * Exchanges the two answers of a line, and with them each column whose name contains a side, also inside objects
 * (`score_chosen`, `chosen-model`, `ratingChosen`, `{"rating": {"chosen": 5}}`). The values keep their spelling. A
 * column that only one side has is renamed to the other side. Columns that hold a copy of an answer are updated.
 *
 * `{"chosen": "a", "rejected": "b", "score_chosen": 1.50}` becomes
 * `{"chosen": "b", "rejected": "a", "score_rejected": 1.50}`.
 *
 * @throws JsonSyntaxError if the line is not JSON
 */
export function swapSides(line: string, reading: Reading): string {
  const node = scanJson(line);
  const swapped = splice(line, 0, line.length, new Swap(line, node).splices(node));
  const [old, next]: unknown[] = [JSON.parse(line), JSON.parse(swapped)];
  return isRecord(old) && isRecord(next) ? writeLine(swapped, withCopies(old, next, reading)) : swapped;
}

class Swap {
  constructor(
    private readonly line: string,
    private readonly root: JsonNode,
  ) {}

  splices(node: JsonNode): Splice[] {
    if (node.kind !== 'object') return [];
    // If a key occurs twice, JSON.parse takes the last one.
    const last = new Map(node.entries.map((entry) => [entry.key, entry]));
    return node.entries.flatMap((entry) => {
      const other = otherSideKey(entry.key);
      if (other === null) return this.splices(entry.value);
      const partner = last.get(other);
      if (!partner) return [this.renamed(entry, other)];
      if (last.get(entry.key) !== entry) return [];
      const { start, end } = partner.value;
      return [{ start: entry.value.start, end: entry.value.end, text: this.line.slice(start, end) }];
    });
  }

  private renamed({ keyStart, value }: JsonEntry, other: string): Splice {
    const end = this.line.lastIndexOf('"', value.start - 1) + 1;
    return { start: keyStart, end, text: serialise(other, styleOf(this.line, this.root), 0) };
  }
}
