import { workerData } from 'node:worker_threads';
import { answerTask } from '../../../base/node/inThread';
import { answer } from '../../../base/node/threads';
import { errorCode, errorMessage } from '../../../base/pure/marginError';
import type { ElementPart } from '../../elementPart';
import type { LinePart } from '../../linePart';
import type { PartAnswer, PartQuestion } from './indexThreads';
import { PartReader } from './partReader';
import { type ElementTask, readElements } from './readElements';

// The program of the threads that find the rows of open files. A thread with a task finds the elements of one file. A
// thread without one finds line ends in parts of any file.
const reader = new PartReader();
if (workerData) answerTask<ElementTask, ElementPart, void>(readElements);
else
  answer<PartQuestion, PartAnswer>(({ fd, start, bytes }) => {
    let part: LinePart;
    try {
      part = reader.read(fd, start, bytes);
    } catch (error) {
      return { found: { code: errorCode(error), message: errorMessage(error) }, transfer: [] };
    }
    return { found: part, transfer: [part.ends.buffer, part.crlf.buffer, part.sums.buffer] };
  });
