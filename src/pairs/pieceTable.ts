import type { Edit, LineEnd } from './edits';
import { MarginError } from '../base/pure/marginError';

/**
 * A line given by an edit. `base` is the line of the base that it replaced, `end` the line end that an insert gave it.
 */
interface RowText {
  readonly kind: 'text';
  readonly line: string;
  readonly base: number | null;
  readonly end?: LineEnd;
}

/** Where a row's line comes from: a line of the base, or a text given by an edit. */
export type RowSource = { readonly kind: 'base'; readonly base: number } | RowText;

/** Consecutive rows: `count` untouched lines of the base from `start` on, or one line of text. */
export type RowRun = { readonly kind: 'base'; readonly start: number; readonly count: number } | RowText;

/** Consecutive lines of the base or of the added ones. */
interface Piece {
  readonly source: 'base' | 'added';
  readonly start: number;
  readonly count: number;
}

type Change =
  | { readonly kind: 'text'; readonly key: string; readonly before: string | undefined }
  | { readonly kind: 'pieces'; readonly row: number; readonly removed: readonly Piece[]; readonly inserted: number }
  | { readonly kind: 'move'; readonly from: number; readonly count: number; readonly to: number };

/**
 * The rows of a base list with edits applied: a piece table (Crowley 1998, "Data structures for text sequences") over
 * base and added lines, and beside it the lines whose text was replaced. A lookup takes O(log pieces), an edit that
 * moves rows O(pieces), a replacement O(log pieces), whatever the length of the base.
 */
export class PieceTable {
  private pieces: Piece[] = [];
  /** First row of each piece, memoised until pieces change. */
  private starts: number[] | null = null;
  /** Lines of the base whose text was replaced, rising; memoised until one more or less is. */
  private touched: readonly number[] | null = null;
  private readonly added: string[] = [];
  /** Line ends of added lines, by their index, where their edit gave one. */
  private readonly addedEnds = new Map<number, LineEnd>();
  private readonly replaced = new Map<string, string>();
  private readonly changes: Change[] = [];
  private baseLength: number;
  private total: number;

  constructor(baseLength: number) {
    this.baseLength = baseLength;
    this.total = baseLength;
    if (baseLength > 0) this.pieces = [{ source: 'base', start: 0, count: baseLength }];
  }

  get length(): number {
    return this.total;
  }

  /** Makes the base longer, while its file is still being read; the new lines come after all rows. */
  extend(baseLength: number): void {
    const count = baseLength - this.baseLength;
    if (count <= 0) return;
    this.splice(this.total, 0, [{ source: 'base', start: this.baseLength, count }]);
    this.baseLength = baseLength;
  }

  at(row: number): RowSource {
    const [index, offset] = this.locate(row);
    const piece = this.pieces[index];
    if (row < 0 || row >= this.total || !piece) throw noRow(row, this.total);
    return this.source(piece, piece.start + offset);
  }

  /** Throws MarginError `no-such-row` where the edit reaches outside the rows; then nothing has changed. */
  apply(edit: Edit): void {
    this.check(edit);
    this.changes.push(this.change(edit));
  }

  /** Takes the last applied edit back exactly: lines of the base are lines of the base again. */
  revert(): void {
    const change = this.changes.pop();
    if (!change) return;
    if (change.kind === 'pieces') this.splice(change.row, change.inserted, change.removed);
    else if (change.kind === 'move') this.move(change.from, change.count, change.to);
    else this.setText(change.key, change.before);
  }

  /** The row that is a line of the base as it stands there; undefined where that line was changed or deleted. */
  rowOfBase(base: number): number | undefined {
    let row = 0;
    for (const run of this.runs()) {
      if (run.kind === 'base' && base >= run.start && base < run.start + run.count) return row + base - run.start;
      row += run.kind === 'base' ? run.count : 1;
    }
    return undefined;
  }

  /** All rows from `from` on, in order, untouched lines of the base in runs as long as they come. */
  *runs(from = 0): Generator<RowRun> {
    const touched = this.touchedBase();
    const [index, offset] = this.locate(from);
    for (let i = index; i < this.pieces.length; i++) {
      const piece = this.pieces[i];
      if (piece) yield* this.runsOf(piece, i === index ? offset : 0, touched);
    }
  }

  /** The runs of `count` rows from `from` on, as far as there are any. */
  page(from: number, count: number): RowRun[] {
    const page: RowRun[] = [];
    let left = Math.min(count, this.total - from);
    if (left <= 0) return page;
    for (const run of this.runs(from)) {
      const part = run.kind === 'base' ? { ...run, count: Math.min(run.count, left) } : run;
      page.push(part);
      left -= part.kind === 'base' ? part.count : 1;
      if (left === 0) break;
    }
    return page;
  }

  private *runsOf(piece: Piece, offset: number, touched: readonly number[]): Generator<RowRun> {
    const end = piece.start + piece.count;
    let at = piece.start + offset;
    while (at < end) {
      const stop = piece.source === 'added' ? at : Math.min(end, touched[lowerBound(touched, at)] ?? end);
      if (stop > at) yield { kind: 'base', start: at, count: stop - at };
      const source = stop < end ? this.source(piece, stop) : undefined;
      if (source?.kind === 'text') yield source;
      at = stop + 1;
    }
  }

  private touchedBase(): readonly number[] {
    this.touched ??= [...this.replaced.keys()]
      .filter((key) => key.startsWith('base'))
      .map((key) => Number(key.slice('base'.length)))
      .sort((a, b) => a - b);
    return this.touched;
  }

  private source(piece: Piece, index: number): RowSource {
    const line = this.replaced.get(piece.source + index);
    const base = piece.source === 'base' ? index : null;
    if (base !== null) return line === undefined ? { kind: 'base', base } : { kind: 'text', line, base };
    const end = this.addedEnds.get(index);
    return { kind: 'text', line: line ?? this.added[index] ?? '', base, ...(end && { end }) };
  }

  private check(edit: Edit): void {
    const [from, count] = spanOf(edit);
    if (from < 0 || count < 0 || from + count > this.total) throw noRow(from < 0 ? from : from + count - 1, this.total);
    if (edit.op !== 'move') return;
    const inside = edit.to > edit.from && edit.to < edit.from + edit.count;
    if (inside || edit.to < 0 || edit.to > this.total) throw noRow(edit.to, this.total);
  }

  private change(edit: Edit): Change {
    switch (edit.op) {
      case 'replace':
        return this.replace(edit.row, edit.line);
      case 'insert': {
        const piece: Piece = { source: 'added', start: this.added.length, count: edit.lines.length };
        for (const [i, line] of edit.lines.entries()) {
          const end = edit.ends?.[i];
          if (end) this.addedEnds.set(this.added.length, end);
          this.added.push(line);
        }
        return this.pieceChange(edit.row, 0, [piece]);
      }
      case 'delete':
        return this.pieceChange(edit.row, edit.lines.length, []);
      case 'move': {
        this.move(edit.from, edit.count, edit.to);
        const { from, count, to } = edit;
        return to <= from
          ? { kind: 'move', from: to, count, to: from + count }
          : { kind: 'move', from: to - count, count, to: from };
      }
    }
  }

  private replace(row: number, line: string): Change {
    const [index, offset] = this.locate(row);
    const piece = this.pieces[index];
    if (!piece) throw noRow(row, this.total);
    const key = piece.source + (piece.start + offset);
    const before = this.replaced.get(key);
    this.setText(key, line);
    return { kind: 'text', key, before };
  }

  private setText(key: string, line: string | undefined): void {
    if (line === undefined || !this.replaced.has(key)) this.touched = null;
    if (line === undefined) this.replaced.delete(key);
    else this.replaced.set(key, line);
  }

  private pieceChange(row: number, count: number, inserted: readonly Piece[]): Change {
    const removed = this.splice(row, count, inserted);
    return { kind: 'pieces', row, removed, inserted: inserted.reduce((sum, piece) => sum + piece.count, 0) };
  }

  private move(from: number, count: number, to: number): void {
    const block = this.splice(from, count, []);
    this.splice(to <= from ? to : to - count, 0, block);
  }

  /** Puts `inserted` in place of `count` rows from `row` on; returns the pieces taken out. */
  private splice(row: number, count: number, inserted: readonly Piece[]): Piece[] {
    const first = this.cut(row);
    const last = this.cut(row + count);
    const removed = this.pieces.slice(first, last);
    this.pieces = joined([...this.pieces.slice(0, first), ...inserted, ...this.pieces.slice(last)]);
    this.total += inserted.reduce((sum, piece) => sum + piece.count, -count);
    this.starts = null;
    return removed;
  }

  /** Makes a piece start at `row`; returns its index. */
  private cut(row: number): number {
    const [index, offset] = this.locate(row);
    const piece = this.pieces[index];
    if (!piece || offset === 0) return index;
    const head = { ...piece, count: offset };
    const tail = { ...piece, start: piece.start + offset, count: piece.count - offset };
    this.pieces.splice(index, 1, head, tail);
    this.starts = null;
    return index + 1;
  }

  /** The piece that holds `row` and the row's place in it; behind the last piece for `row === length`. */
  private locate(row: number): readonly [index: number, offset: number] {
    if (row >= this.total) return [this.pieces.length, 0];
    this.starts ??= startsOf(this.pieces);
    const index = lowerBound(this.starts, row + 1) - 1;
    return [index, row - (this.starts[index] ?? 0)];
  }
}

function spanOf(edit: Edit): readonly [from: number, count: number] {
  switch (edit.op) {
    case 'replace':
      return [edit.row, 1];
    case 'insert':
      return [edit.row, 0];
    case 'delete':
      return [edit.row, edit.lines.length];
    case 'move':
      return [edit.from, edit.count];
  }
}

function startsOf(pieces: readonly Piece[]): number[] {
  let row = 0;
  return pieces.map((piece) => {
    row += piece.count;
    return row - piece.count;
  });
}

/** Neighbours that go on in the same source become one piece, so that a move and its undo leave no splinters. */
function joined(pieces: readonly Piece[]): Piece[] {
  const out: Piece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (piece.count === 0) continue;
    if (last && last.source === piece.source && last.start + last.count === piece.start) {
      out[out.length - 1] = { ...last, count: last.count + piece.count };
    } else out.push(piece);
  }
  return out;
}

/** Index of the first of the rising numbers that is at least `value`. */
function lowerBound(numbers: readonly number[], value: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function noRow(row: number, length: number): MarginError {
  return new MarginError('no-such-row', `There is no line ${row + 1}; the file has ${length}.`, { row, length });
}
