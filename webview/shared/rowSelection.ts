interface Range {
  readonly from: number;
  /** Not part of it. */
  readonly to: number;
}

/**
 * Which rows of a list are selected: one, or several after Shift, Ctrl or Ctrl+A. It keeps ranges, so that a million
 * selected rows need no memory.
 */
export class RowSelection {
  /** Ascending, apart from each other, not empty. */
  private list: readonly Range[] = [];
  /** The row from which Shift extends. */
  private anchor = 0;

  get ranges(): readonly Range[] {
    return this.list;
  }

  get count(): number {
    return this.list.reduce((sum, { from, to }) => sum + to - from, 0);
  }

  has(index: number): boolean {
    return this.list.some(({ from, to }) => index >= from && index < to);
  }

  /** Selects one row alone. */
  only(index: number): void {
    this.list = index < 0 ? [] : [{ from: index, to: index + 1 }];
    this.anchor = index;
  }

  /** Adds a row, or takes it out. */
  toggle(index: number): void {
    this.anchor = index;
    this.list = this.has(index)
      ? this.list.flatMap(({ from, to }) => parted(from, to, index))
      : joined([...this.list, { from: index, to: index + 1 }]);
  }

  /** Selects the rows from the last one that was clicked to this one. */
  extend(index: number): void {
    const start = Math.max(0, this.anchor);
    this.list = [{ from: Math.min(start, index), to: Math.max(start, index) + 1 }];
  }

  all(count: number): void {
    this.list = count === 0 ? [] : [{ from: 0, to: count }];
  }
}

function parted(from: number, to: number, index: number): readonly Range[] {
  if (index < from || index >= to) return [{ from, to }];
  return [
    { from, to: index },
    { from: index + 1, to },
  ].filter((range) => range.from < range.to);
}

function joined(ranges: readonly Range[]): readonly Range[] {
  const sorted = ranges.toSorted((a, b) => a.from - b.from);
  const list: Range[] = [];
  for (const range of sorted) {
    const last = list.at(-1);
    if (last && last.to >= range.from) list[list.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else list.push(range);
  }
  return list;
}
