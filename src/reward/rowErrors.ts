import { checkRow } from '../pairs/checks';
import type { PairResult } from '../pairs/readPair';
import { rowProblem, type RowProblem } from './rowError';

/** What keeps a row from being used, whatever the model: what `margin check` calls errors, in the same words. */
export function rowErrors(result: PairResult): RowProblem[] {
  try {
    const errors = checkRow(result).filter(({ severity }) => severity === 'error');
    return errors.map(({ code, field, message }) => ({ code, field, message }));
  } catch (error) {
    return [rowProblem(error)];
  }
}
