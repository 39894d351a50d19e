import { answer } from '../../../base/node/threads';
import { type ColumnAnswer, ColumnProgram, type ColumnQuestion } from './columnProgram';

// The program of the threads that compute columns of rows for filters, sort orders and counts.
const program = new ColumnProgram();
answer<ColumnQuestion, ColumnAnswer>((question) => {
  const found = program.answer(question);
  return { found, transfer: Array.isArray(found) ? found.map(({ values }) => values.buffer) : [] };
});
