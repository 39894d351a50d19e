/** Digits of a key that are compared: 52 bits fit a number exactly; among a million rows a chance match has odds of 1 in 9,000. */
const digits = 13;

/** Finds rows that say the same, one row after the other, by the keys of their pairs; about 50 bytes a row. */
export class DuplicateFinder {
  private readonly first = new Map<number, number>();

  /** The first row that had this key (hex, as `pairKey` gives it), null if this is it. */
  add(row: number, key: string): number | null {
    const short = Number.parseInt(key.slice(0, digits), 16);
    const first = this.first.get(short);
    if (first === undefined) this.first.set(short, row);
    return first ?? null;
  }
}
