import { at, must } from '../base/pure/must';
import { BlockSums, type Crc32 } from './blockSums';
import type { ElementPart } from './elementPart';
import type { OnElement } from './elementScanner';
import { frameOf, usualGap } from './elementFrame';
import { type Frame, rowAt, type RowIndex, type RowLayout } from './rowIndex';

/** Rows in one block of the index: 20 bytes a row, outside the JavaScript heap. */
const blockLength = 1 << 16;

/** Finds the elements in a stream of bytes: those of JSON, or the records of CSV. */
export interface ElementSource {
  readonly layout: Exclude<RowLayout, 'lines'>;
  /** Bytes pushed so far. */
  readonly position: number;
  readonly line: number;
  readonly gap: string;
  readonly bomLength: number;
  push(chunk: Uint8Array, onElement: OnElement): void;
  /** Call this after the last byte; an element may be left. */
  end(onElement: OnElement): void;
}

interface Block {
  readonly starts: Float64Array;
  readonly lengths: Uint32Array;
  readonly lines: Uint32Array;
  /** The gap before each row, by its number in the list of distinct gaps. */
  readonly gaps: Uint32Array;
}

/**
 * Where the elements of an array are, or the objects that follow each other in a file, by the rules of
 * {@link ElementScanner}. After the bytes `[{}, 12]` there are two rows: `start(0)` is 1, `start(1)` is 5, `endOf(0)`
 * is `, `, `endOf(1)` is undefined.
 */
export class ElementIndex implements RowIndex {
  readonly sums: BlockSums;
  /** The last element has no end, because the text after it belongs to the frame. */
  readonly finalNewline = false;
  private readonly blocks: Block[] = [];
  private readonly gaps: string[] = [];
  /** How many rows come after each of the gaps, not counting the first row. */
  private readonly uses: number[] = [];
  private readonly gapIds = new Map<string, number>();
  private known = 0;
  /** Offset and line after the last known row. */
  private end = 0;
  private endLine = 0;

  private readonly onElement: OnElement = (start, end, gap, line) => {
    const i = this.known % blockLength;
    const block = this.blockOfNext();
    block.starts[i] = start;
    block.lengths[i] = end - start;
    block.lines[i] = line - 1;
    const id = this.gapIds.get(gap) ?? this.newGap(gap);
    block.gaps[i] = id;
    this.use(id);
    this.end = end;
    this.endLine = this.scanner.line - 1;
    this.known++;
  };

  constructor(
    private scanner: ElementSource,
    crc32: Crc32,
  ) {
    this.sums = new BlockSums(crc32);
  }

  get layout(): Exclude<RowLayout, 'lines'> {
    return this.scanner.layout;
  }

  get count(): number {
    return this.known;
  }

  get bytes(): number {
    return this.scanner.position;
  }

  get lineEnd(): string {
    const most = this.uses.reduce((a, b) => Math.max(a, b), 0);
    return most > 0 ? at(this.gaps, this.uses.indexOf(most)) : usualGap(this.layout, this.frame);
  }

  get frame(): Frame {
    const mark = this.scanner.bomLength > 0 ? '\ufeff' : '';
    return frameOf(this.layout, mark, this.known === 0 ? null : at(this.gaps, this.gapBefore(0)), this.scanner.gap);
  }

  push(chunk: Uint8Array): void {
    this.sums.push(chunk);
    this.scanner.push(chunk, this.onElement);
  }

  finish(): void {
    this.scanner.end(this.onElement);
  }

  /** All rows as one part, to {@link append} to an index without rows. */
  get whole(): ElementPart {
    const [starts, lengths] = [new Float64Array(this.known), new Uint32Array(this.known)];
    const [lines, gaps] = [new Uint32Array(this.known), new Uint32Array(this.known)];
    for (const [number, block] of this.blocks.entries()) {
      const from = number * blockLength;
      const count = Math.min(blockLength, this.known - from);
      starts.set(block.starts.subarray(0, count), from);
      lengths.set(block.lengths.subarray(0, count), from);
      lines.set(block.lines.subarray(0, count), from);
      gaps.set(block.gaps.subarray(0, count), from);
    }
    const { layout, position, line, gap, bomLength } = this.scanner;
    const state = { layout, position, line, gap, bomLength };
    const { endLine, sums } = this;
    return { starts, lengths, lines, gaps, newGaps: this.gaps, endLine, bytes: position, sums: sums.all, state };
  }

  /** Continues with the next elements of a file, all of which another thread finds. */
  append({ starts, lengths, lines, gaps, newGaps, endLine, bytes, sums, state }: ElementPart): void {
    this.sums.append(sums, bytes);
    for (const gap of newGaps) this.newGap(gap);
    for (let from = 0; from < starts.length;) {
      const i = this.known % blockLength;
      const block = this.blockOfNext();
      const to = Math.min(starts.length, from + blockLength - i);
      block.starts.set(starts.subarray(from, to), i);
      block.lengths.set(lengths.subarray(from, to), i);
      block.gaps.set(gaps.subarray(from, to), i);
      block.lines.set(lines.subarray(from, to), i);
      for (; from < to; from++) {
        this.use(at(gaps, from));
        this.known++;
      }
      this.end = at(starts, to - 1) + at(lengths, to - 1);
      this.endLine = endLine;
    }
    this.scanner = { ...state, push: pushedElsewhere, end: () => undefined };
  }

  start(row: number): number {
    return row >= this.known ? this.end : at(this.blockOf(row).starts, row % blockLength);
  }

  endOf(row: number): string | undefined {
    return row + 1 >= this.known ? undefined : at(this.gaps, this.gapBefore(row + 1));
  }

  length(row: number): number {
    return at(this.blockOf(row).lengths, row % blockLength);
  }

  withoutEnd(row: number, bytes: Uint8Array): Uint8Array {
    return bytes.subarray(0, this.length(row));
  }

  rowAt(offset: number): number {
    return rowAt({ count: this.known, start: (row) => this.start(row) }, offset);
  }

  lineOf(row: number): number {
    return row >= this.known ? this.endLine : at(this.blockOf(row).lines, row % blockLength);
  }

  /** The block of the row after the known ones. */
  private blockOfNext(): Block {
    if (this.known % blockLength === 0) {
      const [starts, lengths] = [new Float64Array(blockLength), new Uint32Array(blockLength)];
      this.blocks.push({ starts, lengths, lines: new Uint32Array(blockLength), gaps: new Uint32Array(blockLength) });
    }
    return must(this.blocks.at(-1), 'the block of the row');
  }

  private newGap(gap: string): number {
    this.gapIds.set(gap, this.gaps.length);
    this.uses.push(0);
    return this.gaps.push(gap) - 1;
  }

  /** Counts a gap before the next row. */
  private use(id: number): void {
    if (this.known > 0) this.uses[id] = at(this.uses, id) + 1;
  }

  private gapBefore(row: number): number {
    return at(this.blockOf(row).gaps, row % blockLength);
  }

  private blockOf(row: number): Block {
    return at(this.blocks, Math.floor(row / blockLength));
  }
}

function pushedElsewhere(): never {
  throw new RangeError('Another thread finds the elements of this file');
}
