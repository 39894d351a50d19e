import type { DamagedLine } from '../jsonl/node/marks/marksFile';
import { MarksFile } from '../jsonl/node/marks/marksFile';
import { pairKeys } from '../jsonl/node/pairKey';
import { keyNumber } from '../pairs/keyNumber';
import { commonVerdict, commonWeight } from '../pairs/marks/applyMarks';
import type { MarkBook } from '../pairs/marks/markBook';
import { marksName } from '../pairs/marks/marksName';
import type { Pair } from '../pairs/pair';
import { LineTally } from './lineTally';

/** What the marks changed in the loaded rows. */
export interface MarksApplied {
  readonly path: string;
  readonly swapped: LineTally;
  readonly bothBad: LineTally;
  readonly ties: LineTally;
  /** Rows whose weight is the strength of their verdict. */
  readonly weighted: LineTally;
  /** Rows whose reviewers gave different verdicts: they stay as they are. */
  readonly disagreed: LineTally;
  /** Rows that were only flagged or skipped: they stay as they are. */
  readonly undecided: LineTally;
  /** The number of rows with a verdict, whether it changed them or not; null: another part of the file counts them. */
  readonly judged: number | null;
  readonly damaged: readonly DamagedLine[];
  /** The number of records of kinds that Margin does not know. */
  readonly unknownRecords: number;
}

/** A pair after its marks are applied; null if they exclude it from training. */
export type MarkedPair = { readonly pair: Pair; readonly weight: number | null } | null;

/**
 * Applies the marks of a file to its pairs, by the rules of `plannedEdits` with weights, so that a run on the marks
 * equals a run on the file after *Apply Marks*. Ties are left out, as those that the file itself has.
 */
export class RowMarks implements MarksApplied {
  readonly swapped = new LineTally();
  readonly bothBad = new LineTally();
  readonly ties = new LineTally();
  readonly weighted = new LineTally();
  readonly disagreed = new LineTally();
  readonly undecided = new LineTally();
  judged = 0;

  private constructor(
    readonly path: string,
    private readonly book: MarkBook,
    readonly damaged: readonly DamagedLine[],
    readonly unknownRecords: number,
  ) {}

  /**
   * @param file the data file; without a marks file beside it, no pair has marks
   * @throws MarginError the errors of {@link MarksFile.read}
   */
  static async open(file: string): Promise<RowMarks> {
    const marks = new MarksFile(marksName(file));
    await marks.read();
    return new RowMarks(marks.path, marks.book, marks.damaged, marks.unknownRecords);
  }

  /** Applies the marks of a row that holds one pair. Call it once for each row, in the order of the file. */
  apply(line: number, pair: Pair): MarkedPair {
    if (this.book.size === 0) return { pair, weight: null };
    const { own, exchanged } = pairKeys(pair);
    const marks = this.book.marksOf(keyNumber(own), keyNumber(exchanged));
    const verdict = commonVerdict(marks);
    if (verdict === null) {
      if (marks.some(({ flag, skipped }) => flag || skipped)) this.undecided.add(line);
      return { pair, weight: null };
    }
    this.judged++;
    switch (verdict) {
      case 'disagree':
        this.disagreed.add(line);
        return { pair, weight: null };
      case 'both_bad':
        this.bothBad.add(line);
        return null;
      case 'tie':
        this.ties.add(line);
        return null;
      case 'swap':
        this.swapped.add(line);
        return { pair: { ...pair, chosen: pair.rejected, rejected: pair.chosen }, weight: this.weight(line, marks) };
      case 'keep':
        return { pair, weight: this.weight(line, marks) };
    }
  }

  private weight(line: number, marks: Parameters<typeof commonWeight>[0]): number | null {
    const weight = commonWeight(marks);
    if (weight !== null) this.weighted.add(line);
    return weight;
  }
}

/** The marks of two parts of one file. Remarks on the whole file stay with the first part, so each is made once. */
export function marksOfParts(
  first: MarksApplied | null,
  second: MarksApplied | null,
): readonly [MarksApplied | null, MarksApplied | null] {
  if (!first || !second) return [first, second];
  const judged = (first.judged ?? 0) + (second.judged ?? 0);
  return [
    { ...first, judged },
    { ...second, judged: null, damaged: [], unknownRecords: 0 },
  ];
}
