import { answer } from '../../../base/node/threads';
import { type SearchAnswer, SearchProgram, type SearchQuestion } from './searchProgram';

// The program of the thread that searches the rows of open files.
const program = new SearchProgram();
answer<SearchQuestion, SearchAnswer>((question) => {
  const found = program.answer(question);
  return { found, transfer: found === 'changed' ? [] : [found.buffer] };
});
