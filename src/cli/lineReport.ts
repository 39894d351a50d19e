import type { PairResult } from '../pairs/readPair';
import { reportOf, type RowReport } from '../pairs/rowReport';
import { rowProblem } from '../reward/rowError';

/** What the check of a file needs of a row. If the check of the row itself fails, that is the row's problem. */
export function lineReport(result: PairResult): RowReport {
  try {
    return reportOf(result);
  } catch (error) {
    const problem = { ...rowProblem(error), severity: 'error', side: null, column: null } as const;
    return {
      isBlank: false,
      problems: [problem],
      beside: 1,
      unknownText: null,
      label: null,
      hasPrompt: null,
      list: null,
      hashes: null,
    };
  }
}
