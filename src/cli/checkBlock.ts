import type { CheckedLines } from '../jsonl/node/checkedLines';
import { type LineBlock, readBlock } from '../jsonl/node/lineBlocks';
import { readPair } from '../pairs/readPair';
import type { Reading } from '../pairs/reading';
import type { ReportBatch } from '../pairs/reportBatch';
import { lineReport } from './lineReport';

/** A block of a file for a thread to check. */
export interface BlockAsked {
  /** The descriptor of the file, which is open in all threads. */
  readonly handle: number;
  readonly block: LineBlock;
  readonly reading: Reading;
}

/** What a thread found in a block. */
export interface CheckedBlock {
  /** One report a line. */
  readonly reports: ReportBatch;
  /** Whether a line that is too long to be read follows them. */
  readonly tooLong: boolean;
}

/** Checks the lines that begin in a block. */
export function checkBlock({ handle, block, reading }: BlockAsked, lines: CheckedLines): CheckedBlock {
  const { bytes, tooLong } = readBlock(handle, block);
  return {
    reports: lines.check(bytes, reading, (text) => lineReport(readPair(text, reading), reading)),
    tooLong,
  };
}
