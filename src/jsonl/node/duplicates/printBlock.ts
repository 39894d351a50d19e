import { BatchPrinter, type PrintBatch, type PrintRequest } from '../../../pairs/duplicates/printBatch';
import { readPair } from '../../../pairs/readPair';
import type { Reading } from '../../../pairs/reading';
import { lineTexts } from '../../lineTexts';
import { type LineBlock, readBlock } from '../lineBlocks';

/** A request to a thread: print the rows of a block of a file, see `textPrint`. */
export interface BlockAsked {
  /** The descriptor of the file, which is open in all threads. */
  readonly handle: number;
  readonly block: LineBlock;
  readonly reading: Reading;
  readonly request: PrintRequest;
}

export interface PrintedBlock {
  readonly batch: PrintBatch;
  /** Whether a line that is too long to be read follows. */
  readonly tooLong: boolean;
}

/** Prints the rows of blocks. */
export class BlockPrinter {
  private printer: BatchPrinter | null = null;

  print({ handle, block, reading, request }: BlockAsked): PrintedBlock {
    const { bytes, tooLong } = readBlock(handle, block);
    // All requests of a thread are for the same search.
    this.printer ??= new BatchPrinter(request);
    return { batch: this.printer.print(lineTexts(bytes).map((text) => readPair(text, reading))), tooLong };
  }
}
