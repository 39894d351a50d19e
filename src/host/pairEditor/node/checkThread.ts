import { answerRows } from '../../../jsonl/node/rowThreads';
import { type CheckedRows, checkRows } from '../rowChecker';
import { identityOf } from './identityOf';

// The program of the threads that check the rows of open files.
answerRows<CheckedRows>((lines, reading) => {
  const found = checkRows(lines, reading, identityOf);
  const { flags, hashes, beside, found: pairs } = found.reports;
  const arrays = [found.keys, found.exchanged, flags, hashes, beside, pairs];
  return { found, transfer: arrays.map(({ buffer }) => buffer) };
});
