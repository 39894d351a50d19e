import { at } from '../../base/pure/must';
import { seededRandom } from '../../base/pure/seededRandom';
import type { Edit } from '../../pairs/edits';
import type { Mark } from '../../pairs/marks/mark';
import { MarkTally } from '../../pairs/marks/tally';
import type { ReviewCounts, ReviewFacet } from '../../protocol/review';
import { ShownRows } from '../../editor/shownRows';
import { Slices } from '../../editor/slices';

/** Rows that are looked at between two looks at the clock. */
const sliceRows = 1 << 10;

/** A sample of a queue. */
export interface Sample {
  readonly count: number;
  readonly seed: number;
}

/** What the queue knows of rows. */
export interface QueueRows {
  /** The rows of the editor, filtered and sorted. */
  readonly shown: () => ShownRows;
  readonly rowCount: () => number;
  /** Whether a row holds one pair. */
  readonly isPair: (row: number) => boolean;
  /** The reviewer's mark. */
  readonly markAt: (row: number) => Mark | null;
  readonly problemsAt: (row: number) => number;
}

/** The rows to review: those of the editor in their order, or given ones; or a sample of them. */
export class ReviewQueue {
  /** Null for those of the editor. */
  private given: ShownRows | null = null;
  private sampled: ShownRows | null = null;
  private counted = { tally: new MarkTally(), leftOut: 0, problem: 0 };
  /** Null for all pairs. */
  sample: Sample | null = null;

  constructor(private readonly rows: QueueRows) {}

  /** Goes through given rows from now on; null for those of the editor. */
  give(rows: readonly number[] | null): void {
    this.given = rows && ShownRows.of(Int32Array.from(rows), this.rows.rowCount());
    this.sample = null;
    this.sampled = null;
  }

  /** Goes through a sample of the pairs, in their order; null for all. */
  async take(sample: Sample | null): Promise<void> {
    this.sample = sample;
    this.sampled = sample && ShownRows.of(await this.draw(sample), this.rows.rowCount());
  }

  /** Given rows and a sample stay through edits; the rows of the editor follow edits themselves. */
  apply(edit: Edit): void {
    this.given?.apply(edit);
    this.sampled?.apply(edit);
  }

  placeOf(row: number): number | null {
    return this.list.placeOf(row);
  }

  /**
   * The next pair of a facet after a place; from the end of the queue it continues at its start.
   *
   * @param after the place in the queue; −1 for the start
   * @returns the row; null if no pair of the facet is left
   */
  async next(after: number, facet: ReviewFacet): Promise<number | null> {
    const { list } = this;
    const slices = new Slices();
    for (let i = 0; i < list.length; i++) {
      if (i % sliceRows === sliceRows - 1) await slices.breathe();
      const [row] = list.page((after + 1 + i) % list.length, 1);
      if (row !== undefined && this.rows.isPair(row) && this.isIn(row, facet)) return row;
    }
    return null;
  }

  get counts(): ReviewCounts {
    const { tally, leftOut, problem } = this.counted;
    return { ...countsOf(tally), leftOut, problem };
  }

  /** Counts a changed mark at once. Equal pairs are counted when all rows are counted again. */
  replaceMark(old: Mark | null, now: Mark | null): void {
    this.counted.tally.add(old, -1);
    this.counted.tally.add(now);
  }

  /** Counts all rows again. @throws the signal's reason when aborted */
  async count(signal: AbortSignal): Promise<void> {
    const { list, rows } = this;
    const slices = new Slices(signal);
    const tally = new MarkTally();
    let [leftOut, problem] = [0, 0];
    for (let from = 0; from < list.length; from += sliceRows) {
      await slices.breathe();
      for (const row of list.page(from, sliceRows)) {
        if (!rows.isPair(row)) leftOut++;
        else {
          tally.add(rows.markAt(row));
          if (rows.problemsAt(row) > 0) problem++;
        }
      }
    }
    this.counted = { tally, leftOut, problem };
  }

  private get list(): ShownRows {
    return this.sampled ?? this.all;
  }

  private get all(): ShownRows {
    return this.given ?? this.rows.shown();
  }

  /** Whether the pair of a row is in a facet. */
  isIn(row: number, facet: ReviewFacet): boolean {
    if (facet === 'all') return true;
    if (facet === 'problem') return this.rows.problemsAt(row) > 0;
    return isOfFacet(this.rows.markAt(row), facet);
  }

  /** A seeded shuffle (Fisher and Yates) that stops after the rows of the sample. */
  private async draw({ count, seed }: Sample): Promise<Int32Array> {
    const shown = this.all;
    const slices = new Slices();
    const places: number[] = [];
    for (let from = 0; from < shown.length; from += sliceRows) {
      await slices.breathe();
      shown.page(from, sliceRows).forEach((row, i) => this.rows.isPair(row) && places.push(from + i));
    }
    const random = seededRandom(seed);
    const size = Math.min(count, places.length);
    for (let i = 0; i < size; i++) {
      const other = i + Math.floor(random() * (places.length - i));
      [places[i], places[other]] = [at(places, other), at(places, i)];
    }
    const drawn = places.slice(0, size).sort((a, b) => a - b);
    return Int32Array.from(drawn.flatMap((place) => shown.page(place, 1)));
  }
}

/** The counts of marks as the view gets them. */
function countsOf(tally: MarkTally): Omit<ReviewCounts, 'leftOut' | 'problem'> {
  const { pairs, unreviewed, verdicts, skipped, flagged, tags } = tally.counts;
  const sorted = [...tags].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return { all: pairs, unreviewed, verdicts, skipped, flagged, tags: sorted };
}

/** Whether a pair with this mark is in a facet. A skipped pair is not offered again as unreviewed. */
function isOfFacet(mark: Mark | null, facet: Exclude<ReviewFacet, 'all' | 'problem'>): boolean {
  switch (facet) {
    case 'unreviewed':
      return mark === null || (mark.verdict === null && !mark.skipped);
    case 'skipped':
      return mark !== null && mark.verdict === null && mark.skipped;
    case 'flagged':
      return mark !== null && mark.flag;
    case 'keep':
    case 'swap':
    case 'tie':
    case 'both_bad':
      return mark?.verdict === facet;
    default:
      return mark !== null && mark.tags.includes(facet.slice('tag:'.length));
  }
}

/** @example sampleIn('50 7') → { count: 50, seed: 7 }; sampleIn('') → null */
export function sampleIn(text: string): Sample | null | undefined {
  if (text.trim() === '') return null;
  const found = /^\s*([1-9]\d{0,8})(?:\s+(\d{1,9}))?\s*$/.exec(text);
  return found ? { count: Number(found[1]), seed: Number(found[2] ?? 1) } : undefined;
}
