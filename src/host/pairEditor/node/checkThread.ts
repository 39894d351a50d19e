import { answer } from '../../../base/node/threads';
import { type CheckAnswer, CheckProgram, type CheckQuestion } from './checkProgram';

const program = new CheckProgram();

// The program of the threads that check the rows of open files.
answer<CheckQuestion, CheckAnswer>((question) => {
  const found = program.answer(question);
  return { found, transfer: found === 'changed' ? [] : buffersOf(found) };
});

function buffersOf({ reports, lengths, keys }: Exclude<CheckAnswer, 'changed'>): ArrayBuffer[] {
  const { flags, hashes, beside, found } = reports;
  const arrays = [flags, hashes, beside, found, lengths, ...(keys ? [keys.own, keys.exchanged] : [])];
  return arrays.map(({ buffer }) => buffer);
}
