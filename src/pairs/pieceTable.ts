import { lowerBound } from '../base/pure/lowerBound';
import type { Edit } from './edits';
import { MarginError } from '../base/pure/marginError';
import { at } from '../base/pure/must';

/**
 * A line whose text comes from an edit. `base` is the line of the file that it replaced, null for an added line; `end`
 * is what follows it, if an insert said so.
 */
interface EditedLine {
  readonly kind: 'text';
  readonly line: string;
  readonly base: number | null;
  readonly end?: string;
}

/** Where a row's line comes from: a line of the file (from 0), or the text of an edit. */
export type LineSource = { readonly kind: 'base'; readonly base: number } | EditedLine;

/** Consecutive rows: `count` unchanged lines of the file from line `start` on, or one line of text. */
export type RowRun = { readonly kind: 'base'; readonly start: number; readonly count: number } | EditedLine;

/** Lines of the file, or lines that edits added. */
type Source = 'base' | 'added';

/** Consecutive lines of one source. */
interface Piece {
  readonly source: Source;
  readonly start: number;
  readonly count: number;
}

/** What {@link PieceTable.revert} needs to take back an edit. */
type Change =
  | { readonly kind: 'text'; readonly source: Source; readonly index: number; readonly before: string | undefined }
  | { readonly kind: 'pieces'; readonly row: number; readonly removed: readonly Piece[]; readonly inserted: number }
  | { readonly kind: 'move'; readonly from: number; readonly count: number; readonly to: number };

/**
 * The rows of a file with edits applied: a piece table (Crowley 1998, "Data structures for text sequences") over the
 * lines of the file ("base") and the added lines, and a map of the lines whose text was replaced. Costs do not depend
 * on the length of the file: a lookup or a replacement takes O(log pieces), an edit that moves rows O(pieces).
 *
 * Rows count from 0. A table over 3 lines, with a line "x" inserted before row 1, has the runs
 * `{ base, start: 0, count: 1 }`, `{ text, line: 'x' }`, `{ base, start: 1, count: 2 }`.
 */
export class PieceTable {
  private pieces: Piece[] = [];
  /** First row of each piece; null after pieces have changed. */
  private starts: number[] | null = null;
  /** Lines of the file whose text was replaced, ascending; null after these have changed. */
  private replacedBase: ArrayLike<number> | null = null;
  private readonly added: string[] = [];
  /** Line ends that edits gave to added lines, by index of the added line. */
  private readonly addedEnds = new Map<number, string>();
  /** The texts that replaced lines, by the index of the line. */
  private readonly replaced = { base: new Map<number, string>(), added: new Map<number, string>() };
  private readonly changes: Change[] = [];
  private baseLength: number;
  private total: number;

  /** @param baseLength number of lines of the file */
  constructor(baseLength: number) {
    this.baseLength = baseLength;
    this.total = baseLength;
    if (baseLength > 0) this.pieces = [{ source: 'base', start: 0, count: baseLength }];
  }

  /** Number of rows. */
  get length(): number {
    return this.total;
  }

  /** Number of lines of the file. */
  get baseRows(): number {
    return this.baseLength;
  }

  /** Adds lines of the file that were read since; they become the last rows. */
  extend(baseLength: number): void {
    const count = baseLength - this.baseLength;
    if (count <= 0) return;
    this.splice(this.total, 0, [{ source: 'base', start: this.baseLength, count }]);
    this.baseLength = baseLength;
  }

  /** @throws MarginError `no-such-row` */
  at(row: number): LineSource {
    const [index, offset] = this.locate(row);
    const piece = this.pieces[index];
    if (row < 0 || row >= this.total || !piece) throw noRow(row, this.total);
    return this.source(piece, piece.start + offset);
  }

  /** @throws MarginError `no-such-row` if the edit reaches outside the rows; then nothing has changed */
  apply(edit: Edit): void {
    this.check(edit);
    this.changes.push(this.change(edit));
  }

  /** Takes back the last applied edit. Replaced lines become lines of the file again, not texts that equal them. */
  revert(): void {
    const change = this.changes.pop();
    if (!change) return;
    if (change.kind === 'pieces') this.splice(change.row, change.inserted, change.removed);
    else if (change.kind === 'move') this.move(change.from, change.count, change.to);
    else this.setText(change.source, change.index, change.before);
  }

  /** The row of an unchanged line of the file; undefined if that line was changed or deleted. */
  rowOfBase(base: number): number | undefined {
    let row = 0;
    for (const run of this.runs()) {
      if (run.kind === 'base' && base >= run.start && base < run.start + run.count) return row + base - run.start;
      row += run.kind === 'base' ? run.count : 1;
    }
    return undefined;
  }

  /** All rows from row `from` on, in order. Unchanged lines of the file come in runs as long as possible. */
  *runs(from = 0): Generator<RowRun> {
    const replaced = this.replacedLines();
    const [index, offset] = this.locate(from);
    for (let i = index; i < this.pieces.length; i++) {
      const piece = this.pieces[i];
      if (piece) yield* this.runsOf(piece, i === index ? offset : 0, replaced);
    }
  }

  /** The runs of rows `from … from + count - 1`, or fewer at the end. */
  page(from: number, count: number): RowRun[] {
    const page: RowRun[] = [];
    let missing = Math.min(count, this.total - from);
    if (missing <= 0) return page;
    for (const run of this.runs(from)) {
      const part = run.kind === 'base' ? { ...run, count: Math.min(run.count, missing) } : run;
      page.push(part);
      missing -= part.kind === 'base' ? part.count : 1;
      if (missing === 0) break;
    }
    return page;
  }

  private *runsOf(piece: Piece, offset: number, replaced: ArrayLike<number>): Generator<RowRun> {
    const end = piece.start + piece.count;
    let index = piece.start + offset;
    while (index < end) {
      // After the last replaced line, a piece has no earlier end.
      const stop = piece.source === 'added' ? index : Math.min(end, replaced[lowerBound(replaced, index)] ?? end);
      if (stop > index) yield { kind: 'base', start: index, count: stop - index };
      const source = stop < end ? this.source(piece, stop) : undefined;
      if (source?.kind === 'text') yield source;
      index = stop + 1;
    }
  }

  private replacedLines(): ArrayLike<number> {
    // Typed arrays sort by value, and fast: a change of many rows is shown while it is made.
    this.replacedBase ??= Float64Array.from(this.replaced.base.keys()).sort();
    return this.replacedBase;
  }

  private source(piece: Piece, index: number): LineSource {
    const line = this.replaced[piece.source].get(index);
    const base = piece.source === 'base' ? index : null;
    if (base !== null) return line === undefined ? { kind: 'base', base } : { kind: 'text', line, base };
    const end = this.addedEnds.get(index);
    return { kind: 'text', line: line ?? at(this.added, index), base, ...(end !== undefined && { end }) };
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
          if (end !== undefined) this.addedEnds.set(this.added.length, end);
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
    const { source } = piece;
    const lineIndex = piece.start + offset;
    const before = this.replaced[source].get(lineIndex);
    this.setText(source, lineIndex, line);
    return { kind: 'text', source, index: lineIndex, before };
  }

  private setText(source: Source, index: number, line: string | undefined): void {
    const replaced = this.replaced[source];
    if (line === undefined || !replaced.has(index)) this.replacedBase = null;
    if (line === undefined) replaced.delete(index);
    else replaced.set(index, line);
  }

  private pieceChange(row: number, count: number, inserted: readonly Piece[]): Change {
    const removed = this.splice(row, count, inserted);
    return { kind: 'pieces', row, removed, inserted: inserted.reduce((sum, piece) => sum + piece.count, 0) };
  }

  private move(from: number, count: number, to: number): void {
    const block = this.splice(from, count, []);
    this.splice(to <= from ? to : to - count, 0, block);
  }

  /** Replaces `count` rows from `row` on by the pieces `inserted`; returns the pieces that were there. */
  private splice(row: number, count: number, inserted: readonly Piece[]): Piece[] {
    const first = this.cut(row);
    const last = this.cut(row + count);
    const removed = this.pieces.slice(first, last);
    this.pieces = joined([...this.pieces.slice(0, first), ...inserted, ...this.pieces.slice(last)]);
    this.total += inserted.reduce((sum, piece) => sum + piece.count, -count);
    this.starts = null;
    return removed;
  }

  /** Splits a piece so that one starts at `row`; returns the index of that piece. */
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

  /** The piece that contains `row`, and the row's offset in it; the index after the last piece for `row === length`. */
  private locate(row: number): readonly [index: number, offset: number] {
    if (row >= this.total) return [this.pieces.length, 0];
    this.starts ??= startsOf(this.pieces);
    const index = lowerBound(this.starts, row + 1) - 1;
    return [index, row - at(this.starts, index)];
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

/** Merges neighbours that are consecutive in one source, so that a move and its undo leave no extra pieces. */
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

function noRow(row: number, length: number): MarginError {
  return new MarginError('no-such-row', `There is no row ${row + 1}; the file has ${length}.`, { row, length });
}
