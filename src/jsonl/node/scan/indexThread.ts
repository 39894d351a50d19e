import { answer } from '../../../base/node/threads';
import { errorCode, errorMessage } from '../../../base/pure/marginError';
import type { LinePart } from '../../linePart';
import type { PartAnswer, PartQuestion } from './indexThreads';
import { PartReader } from './partReader';

// The program of the threads that find the rows of open files.
const reader = new PartReader();
answer<PartQuestion, PartAnswer>(({ fd, start, bytes }) => {
  let part: LinePart;
  try {
    part = reader.read(fd, start, bytes);
  } catch (error) {
    return { found: { code: errorCode(error), message: errorMessage(error) }, transfer: [] };
  }
  return { found: part, transfer: [part.ends.buffer, part.crlf.buffer, part.sums.buffer] };
});
