import { ScratchFile } from '../../../base/node/scratchFile';
import { at } from '../../../base/pure/must';
import type { Prints } from '../../../pairs/duplicates/linkRows';
import { hashesOfRow, type PrintBatch } from '../../../pairs/duplicates/printBatch';
import { GrowingNumbers } from './growingNumbers';

/** Consecutive rows whose bands are stored together: all first bands, then all second bands, and so on. */
interface Block {
  readonly firstRow: number;
  readonly rows: number;
}

/**
 * The prints of the rows of any number of files. Memory holds 50 bytes a row; bands and shingles are in files without a
 * name, 4 bytes a band and a shingle.
 */
export class PrintStore implements Prints {
  private readonly stateList = new GrowingNumbers((length) => new Uint8Array(length));
  private readonly hashList = new GrowingNumbers((length) => new Uint32Array(length));
  private readonly sizeList = new GrowingNumbers((length) => new Uint32Array(length));
  /** Where the shingles of a row begin, in shingles. */
  private readonly starts = new GrowingNumbers((length) => new Float64Array(length));
  private readonly blocks: Block[] = [];
  private shingles = 0;

  private constructor(
    private readonly bandFile: ScratchFile,
    private readonly shingleFile: ScratchFile,
    private readonly bands: number,
  ) {}

  /** @throws MarginError the errors of writing */
  static async open(bands: number): Promise<PrintStore> {
    const bandFile = await ScratchFile.open();
    try {
      return new PrintStore(bandFile, await ScratchFile.open(), bands);
    } catch (error) {
      await bandFile.close();
      throw error;
    }
  }

  get rows(): number {
    return this.stateList.length;
  }

  get states(): Uint8Array {
    return this.stateList.all;
  }

  get hashes(): Uint32Array {
    return this.hashList.all;
  }

  get sizes(): Uint32Array {
    return this.sizeList.all;
  }

  /** Adds rows. @throws MarginError `disk-full` and others of writing */
  async add({ states, hashes, sizes, bands, shingles }: PrintBatch): Promise<void> {
    if (hashes.length !== states.length * hashesOfRow || bands.length !== states.length * this.bands)
      throw new Error('The batch has other numbers of hashes than rows');
    this.blocks.push({ firstRow: this.rows, rows: states.length });
    this.stateList.push(states);
    this.hashList.push(hashes);
    this.sizeList.push(sizes);
    const starts = new Float64Array(sizes.length);
    for (const [i, size] of sizes.entries()) {
      starts[i] = this.shingles;
      this.shingles += size;
    }
    this.starts.push(starts);
    await this.bandFile.append(bytesOf(bands));
    await this.shingleFile.append(bytesOf(shingles));
  }

  band(index: number): Promise<Uint32Array> {
    const hashes = new Uint32Array(this.rows);
    for (const { firstRow, rows } of this.blocks) {
      const position = 4 * (firstRow * this.bands + index * rows);
      this.bandFile.read(bytesOf(hashes.subarray(firstRow, firstRow + rows)), position);
    }
    return Promise.resolve(hashes);
  }

  set(row: number): Uint32Array {
    const set = new Uint32Array(at(this.sizes, row));
    this.shingleFile.read(bytesOf(set), 4 * at(this.starts.all, row));
    return set;
  }

  async close(): Promise<void> {
    await Promise.all([this.bandFile.close(), this.shingleFile.close()]);
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
