import { at } from '../../base/pure/must';
import { type PairVerdict, type SuspectBook, worstOf } from '../../pairs/suspects/suspectBook';
import type { RowIdentity } from '../../pairs/rowRewards';
import type { PlaceRange } from '../../protocol/bulk';
import type { SuspectOrder } from '../../protocol/suspects';
import { Slices } from '../../editor/slices';

/** Rows that are looked at between two looks at the clock. */
const sliceRows = 1 << 10;

/** What the list knows of the rows of a document. */
export interface ListedRows {
  readonly rowCount: () => number;
  /** Settles when the keys of all rows are known. */
  readonly keysKnown: () => Promise<void>;
  readonly identityAt: (row: number) => RowIdentity | null;
}

export interface ListedSuspect {
  readonly row: number;
  readonly verdict: PairVerdict;
}

const usual: SuspectOrder = { verdicts: 'suspects', sort: 'probability', descending: true };

/** The rows of a document that a search suspects, and those that were swapped since, in an order. */
export class SuspectList {
  private found: readonly ListedSuspect[] = [];
  private shown: readonly ListedSuspect[] = [];
  private asked: SuspectOrder = usual;
  private changes = 0;

  constructor(private readonly rows: ListedRows) {}

  get order(): SuspectOrder {
    return this.asked;
  }

  get length(): number {
    return this.shown.length;
  }

  /** Changes when other rows are at the places of the list. */
  get revision(): number {
    return this.changes;
  }

  /** Rows whose verdict is this one, as the file is now. */
  count(verdict: 'flipped' | 'tie'): number {
    return this.found.filter((one) => one.verdict.verdict === verdict).length;
  }

  /** Looks at all rows again. @throws the signal's reason when aborted */
  async read(book: SuspectBook, signal: AbortSignal): Promise<void> {
    await this.rows.keysKnown();
    const slices = new Slices(signal);
    const found: ListedSuspect[] = [];
    for (let row = 0; row < this.rows.rowCount(); row++) {
      if (row % sliceRows === 0) await slices.breathe();
      const identity = this.rows.identityAt(row);
      const verdict = identity && worstOf(book.of(identity));
      if (verdict && (verdict.verdict !== 'clean' || verdict.exchanged)) found.push({ row, verdict });
    }
    this.found = found;
    this.arrange(this.asked);
  }

  arrange(order: SuspectOrder): void {
    this.asked = order;
    const { verdicts, sort, descending } = order;
    const value = ({ row, verdict }: ListedSuspect): number => (sort === 'row' ? row : verdict[sort]);
    const sign = descending ? -1 : 1;
    this.shown = this.found
      .filter(({ verdict }) => verdicts === 'suspects' || verdict.verdict === verdicts)
      .sort((a, b) => sign * (value(a) - value(b)) || a.row - b.row);
    this.changes++;
  }

  /** The entries at places that exist, in the order of the list. */
  page({ from, to }: PlaceRange): readonly ListedSuspect[] {
    return this.shown.slice(from, to);
  }

  entry(place: number): ListedSuspect {
    return at(this.shown, place);
  }
}
