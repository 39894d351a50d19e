import { MarginError } from '../../base/pure/marginError';
import { at, must } from '../../base/pure/must';
import type { Links } from '../duplicates/links';
import { chooseGroups } from './chooseGroups';

/** More different values are no categories. */
const mostStrata = 1000;

/** The state of a row: without answers, a blank line, or in a group. */
const [unread, blank, grouped] = [0, 1, 2];

interface Group {
  place: number;
  readonly strata: Map<number, number>;
}

/** The number of rows with a value of the column, on each side. */
export interface Stratum {
  readonly value: string;
  readonly train: number;
  readonly eval: number;
}

/** On which side of a split the rows of a file are. Add all rows, then {@link choose}. */
export class RowSides {
  private readonly kinds: Uint8Array;
  private readonly stratumOf: Uint16Array;
  private readonly groups = new Map<number, Group>();
  private readonly strata = new Map<string, number>();
  private held = new Set<number>();
  private counts = [0, 0, 0];

  /**
   * @param links connects the rows that must be on one side
   * @param column the column of the strata, for errors
   */
  constructor(
    private readonly links: Links,
    private readonly column: string | null,
  ) {
    this.kinds = new Uint8Array(links.rows);
    this.stratumOf = new Uint16Array(links.rows);
  }

  /** The rows with answers, without them, and blank lines. */
  get count(): { readonly rows: number; readonly unread: number; readonly blank: number } {
    return { rows: at(this.counts, grouped), unread: at(this.counts, unread), blank: at(this.counts, blank) };
  }

  addBlank(row: number): void {
    this.set(row, blank);
  }

  addUnread(row: number): void {
    this.set(row, unread);
  }

  /**
   * Adds a row with answers, in the order of the rows.
   *
   * @param place the place of its group, from 0 to 1; null if another row of the group decides it
   * @param value of the column, undefined if the row has none
   * @throws MarginError `too-many-strata`
   */
  add(row: number, place: number | null, value: unknown): void {
    this.set(row, grouped);
    const first = this.links.firstOf(row);
    const group = this.groups.get(first) ?? { place: 0, strata: new Map<number, number>() };
    this.groups.set(first, group);
    if (place !== null) group.place = place;
    const stratum = this.stratum(value);
    this.stratumOf[row] = stratum;
    group.strata.set(stratum, (group.strata.get(stratum) ?? 0) + 1);
  }

  /** Holds out groups that together have `rows` rows, or as many as fit. */
  choose(rows: number): void {
    const firsts = [...this.groups.keys()];
    const chosen = chooseGroups([...this.groups.values()], rows);
    this.held = new Set(chosen.map((index) => at(firsts, index)));
  }

  /** Whether a row is held out. */
  isHeld(row: number): boolean {
    return this.kinds[row] === grouped && this.held.has(this.links.firstOf(row));
  }

  /** Whether a row is on the side of training, as rows without answers are. */
  isTrained(row: number): boolean {
    return this.kinds[row] !== blank && !this.isHeld(row);
  }

  /** The first rows of the groups of a side. */
  groupsOf(side: 'train' | 'eval'): number[] {
    return [...this.groups.keys()].filter((first) => this.held.has(first) === (side === 'eval'));
  }

  /** The rows of each value of the column, on each side. */
  byStratum(): Stratum[] {
    const sides = [...this.strata.keys()].map((value) => ({ value, train: 0, eval: 0 }));
    for (let row = 0; row < this.links.rows; row++)
      if (this.kinds[row] === grouped) at(sides, at(this.stratumOf, row))[this.isHeld(row) ? 'eval' : 'train']++;
    return sides;
  }

  private set(row: number, kind: number): void {
    this.kinds[row] = kind;
    this.counts[kind] = at(this.counts, kind) + 1;
  }

  private stratum(value: unknown): number {
    const name = value === undefined ? 'none' : JSON.stringify(value);
    const known = this.strata.get(name);
    if (known !== undefined) return known;
    if (this.strata.size === mostStrata) {
      const message = `The column ${must(this.column, 'the column')} has more than ${mostStrata} different values, so no side can have a share of each. Stratify by a column of categories.`;
      throw new MarginError('too-many-strata', message, { column: this.column });
    }
    this.strata.set(name, this.strata.size);
    return this.strata.size - 1;
  }
}
