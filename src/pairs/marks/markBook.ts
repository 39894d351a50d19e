import { CarriedEntries } from './carriedEntries';
import { type Ignore, type IgnoredRules, ignoredRules } from './ignore';
import { type EditRecord, exchangedMark, type Mark } from './mark';

/**
 * The records of a marks file: of each pair and reviewer the newest label, and the newest decision of an adjudicator;
 * of each pair and rule whether it is ignored there; and the log of edits, which carry all of that along.
 */
export class MarkBook {
  private readonly marks = new CarriedEntries<Mark>(slotOf, exchangedMark);
  private readonly ignores = new CarriedEntries<Ignore>(
    ({ rule }) => rule,
    // A rule is ignored for the whole row.
    (ignore) => ignore,
  );
  private readonly log: EditRecord[] = [];
  private lastRevision = 0;

  /** Grows with each change. */
  get revision(): number {
    return this.lastRevision;
  }

  /** The number of pairs that have marks. */
  get size(): number {
    return this.marks.size;
  }

  /** All edits, in the order of the file. */
  get edits(): readonly EditRecord[] {
    return this.log;
  }

  /** The rules that are ignored in single rows; null if there are none. */
  get ignored(): IgnoredRules | null {
    return ignoredRules(this.ignores.all());
  }

  add(mark: Mark): void {
    this.lastRevision++;
    this.marks.add(mark);
  }

  addIgnore(ignore: Ignore): void {
    this.lastRevision++;
    this.ignores.add(ignore);
  }

  /** Adds an edit to the log and carries marks along. */
  addEdit(edit: EditRecord): void {
    this.log.push(edit);
    if (edit.key !== null && edit.to !== null) this.carry(edit.key, edit.to, edit.swapped, Date.parse(edit.at));
  }

  /**
   * Carries the marks of one pair, and the rules that are ignored in it, to the pair that an edit made from it.
   *
   * @param time milliseconds since 1970
   */
  carry(from: string, to: string, swapped: boolean, time: number): void {
    if (from === to) return;
    this.lastRevision++;
    this.marks.carry(from, to, swapped, time);
    this.ignores.carry(from, to, swapped, time);
  }

  /** The marks of a pair, the newest of each reviewer, newest first. Parameters as {@link CarriedEntries.of}. */
  marksOf(key: number, exchanged: number | null = null): readonly Mark[] {
    return this.marks.of(key, exchanged);
  }

  /** The mark with which one reviewer labels or adjudicates a pair; null if there is none. */
  markOf(by: string, key: number, exchanged: number | null = null, adjudicates = false): Mark | null {
    return this.marksOf(key, exchanged).find((mark) => mark.by === by && mark.adjudicates === adjudicates) ?? null;
  }

  /**
   * Whether rules are ignored in a row or reported again: the newest record of each rule.
   *
   * @param key the `keyNumber` of the row
   */
  ignoresOf(key: number): readonly Ignore[] {
    return this.ignores.of(key, null);
  }

  /** All marks, in no particular order. A mark that an edit carried along is there for both pairs. */
  all(): Generator<Mark> {
    return this.marks.all();
  }

  clear(): void {
    this.lastRevision++;
    this.marks.clear();
    this.ignores.clear();
    this.log.length = 0;
  }
}

/** The name of the slot for a mark. A reviewer's label and the same person's adjudication have two slots. */
function slotOf({ by, adjudicates }: Mark): string {
  return `${adjudicates ? 'adjudicates' : 'labels'} ${by}`;
}
