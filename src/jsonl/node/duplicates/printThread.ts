import { answer } from '../../../base/node/threads';
import { type BlockAsked, BlockPrinter, type PrintedBlock } from './printBlock';

// The program of the threads that look for duplicates.
const printer = new BlockPrinter();
answer<BlockAsked, PrintedBlock>((asked) => {
  const found = printer.print(asked);
  const { states, hashes, sizes, bands, shingles } = found.batch;
  return { found, transfer: [states, hashes, sizes, bands, shingles].map(({ buffer }) => buffer) };
});
