import { BlockSums, type Crc32 } from './blockSums';
import type { ElementSource } from './elementIndex';
import type { OnElement } from './elementScanner';

/** What is known after some bytes of a file. */
export type ElementState = Pick<ElementSource, 'layout' | 'position' | 'line' | 'gap' | 'bomLength'>;

/** The elements that end in a part of a file. Another thread finds them, as it finds those of all parts before. */
export interface ElementPart {
  readonly starts: Float64Array;
  readonly lengths: Uint32Array;
  /** The line of the first byte of each, from 0. */
  readonly lines: Uint32Array;
  /** The gap before each, by its number in the list of distinct gaps. */
  readonly gaps: Uint32Array;
  /** The gaps that no part before has, in the order of their numbers. */
  readonly newGaps: readonly string[];
  /** The line, from 0, in which the last of the elements ends. */
  readonly endLine: number;
  /** Bytes in the part. */
  readonly bytes: number;
  /** The checksums of its blocks. */
  readonly sums: Uint32Array;
  /** What is known at the end of the part. */
  readonly state: ElementState;
}

/** Collects the parts of a file for `ElementIndex.append`. Push the bytes of a part, then take it. */
export class ElementParts {
  private readonly gapIds = new Map<string, number>();
  private starts: number[] = [];
  private lengths: number[] = [];
  private lines: number[] = [];
  private gaps: number[] = [];
  private newGaps: string[] = [];
  private endLine = 0;
  private sums: BlockSums;

  private readonly onElement: OnElement = (start, end, gap, line) => {
    this.starts.push(start);
    this.lengths.push(end - start);
    this.lines.push(line - 1);
    this.gaps.push(this.gapId(gap));
    this.endLine = this.source.line - 1;
  };

  constructor(
    private readonly source: ElementSource,
    private readonly crc32: Crc32,
  ) {
    this.sums = new BlockSums(crc32);
  }

  /** @throws MarginError as the scanner of the file */
  push(chunk: Uint8Array): void {
    this.sums.push(chunk);
    this.source.push(chunk, this.onElement);
  }

  /** Call this after the last byte. @throws MarginError if the file ends too early */
  finish(): void {
    this.source.end(this.onElement);
  }

  /** The part since the one before. All but the last end where a block of checksums does. */
  take(): ElementPart {
    const { layout, position, line, gap, bomLength } = this.source;
    const part: ElementPart = {
      starts: Float64Array.from(this.starts),
      lengths: Uint32Array.from(this.lengths),
      lines: Uint32Array.from(this.lines),
      gaps: Uint32Array.from(this.gaps),
      newGaps: this.newGaps,
      endLine: this.endLine,
      bytes: this.sums.length,
      sums: this.sums.all.slice(),
      state: { layout, position, line, gap, bomLength },
    };
    [this.starts, this.lengths, this.lines, this.gaps, this.newGaps] = [[], [], [], [], []];
    this.sums = new BlockSums(this.crc32);
    return part;
  }

  private gapId(gap: string): number {
    const known = this.gapIds.get(gap);
    if (known !== undefined) return known;
    const id = this.gapIds.size;
    this.gapIds.set(gap, id);
    this.newGaps.push(gap);
    return id;
  }
}
