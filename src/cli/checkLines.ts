import { answer } from '../base/node/threads';
import { CheckedLines } from '../jsonl/node/checkedLines';
import { type BlockAsked, checkBlock, type CheckedBlock } from './checkBlock';

const lines = new CheckedLines();

// The program of the threads of `margin check`.
answer<BlockAsked, CheckedBlock>((asked) => {
  const found = checkBlock(asked, lines);
  const { flags, hashes, beside, found: problems } = found.reports;
  return { found, transfer: [flags, hashes, beside, problems].map(({ buffer }) => buffer) };
});
