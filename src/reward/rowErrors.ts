import { checkRow } from '../pairs/checks';
import type { PairResult } from '../pairs/readPair';
import { rowProblem, type RowProblem } from './rowError';

/** The errors of a row that do not depend on the model, with the sentences of `margin check`. */
export function rowErrors(result: PairResult): RowProblem[] {
  try {
    const errors = checkRow(result).filter(({ severity }) => severity === 'error');
    return errors.map(({ code, field, message }) => ({ code, field, message }));
  } catch (error) {
    return [rowProblem(error)];
  }
}
