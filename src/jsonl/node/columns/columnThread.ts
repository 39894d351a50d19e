import { answer } from '../../../base/node/threads';
import { type ColumnAnswer, ColumnProgram, type ColumnQuestion } from './columnProgram';
import { buffersOf, type NumbersAnswer, NumbersProgram, type NumbersQuestion } from './numbersProgram';

// The program of the threads that compute columns of rows for filters, sort orders and counts, and numbers of rows.
const program = new ColumnProgram();
const numbers = new NumbersProgram();
answer<ColumnQuestion | NumbersQuestion, ColumnAnswer | NumbersAnswer>((question) => {
  if ('paths' in question) {
    const found = numbers.answer(question);
    return { found, transfer: buffersOf(found) };
  }
  const found = program.answer(question);
  return { found, transfer: Array.isArray(found) ? found.map(({ values }) => values.buffer) : [] };
});
