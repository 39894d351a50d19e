import { answer } from '../../../base/node/threads';
import { type MeasureAnswer, MeasureProgram, type MeasureQuestion, transferOf } from './measureProgram';

// The program of the threads that measure rows for statistics.
const program = new MeasureProgram();
answer<MeasureQuestion, MeasureAnswer>((question) => {
  const found = program.answer(question);
  return { found, transfer: transferOf(found) };
});
