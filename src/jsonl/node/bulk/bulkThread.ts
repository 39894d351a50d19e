import { answer } from '../../../base/node/threads';
import { type BulkAnswer, BulkProgram, type BulkQuestion } from './bulkProgram';

// The program of the threads that search and change many rows.
const program = new BulkProgram();
answer<BulkQuestion, BulkAnswer>((question) => ({ found: program.answer(question), transfer: [] }));
