import type { NumbersServices } from '../../../../src/host/runPanel/rewards/datasetNumbers';
import { unseenColumns } from '../../../../src/host/runPanel/rewards/slowColumns';
import { NumbersProgram } from '../../../../src/jsonl/node/columns/numbersProgram';

/** Reads columns of a dataset in this thread, without a notification. */
export function numbersHere(part: Partial<NumbersServices> = {}): NumbersServices {
  const program = new NumbersProgram();
  const ask: NumbersServices['threads']['ask'] = (question) => Promise.resolve(program.answer(question));
  return { threads: { count: 2, ask }, slow: unseenColumns, ...part };
}
