import { answer } from '../base/node/threads';
import { type BlockAsked, checkBlock, type CheckedBlock } from './checkBlock';

// The program of the threads of `margin check`.
answer<BlockAsked, CheckedBlock>((asked) => {
  const found = checkBlock(asked);
  const { flags, hashes, beside, found: problems } = found.reports;
  return { found, transfer: [flags, hashes, beside, problems].map(({ buffer }) => buffer) };
});
