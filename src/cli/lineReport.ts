import type { PairResult } from '../pairs/readPair';
import { ignoredIn } from '../jsonl/node/marks/ignoredIn';
import { reportOf, type RowReport } from '../pairs/rowReport';
import type { Reading } from '../pairs/reading';
import { rowProblem } from '../reward/rowError';

/**
 * The facts about a row that the check of a file needs. If the check of the row fails, that failure is the row's
 * problem.
 */
export function lineReport(result: PairResult, { levels, ignored }: Reading): RowReport {
  try {
    return reportOf(result, levels, (row) => ignoredIn(row, ignored), ignored !== null && ignored.ofFile);
  } catch (error) {
    const problem = { ...rowProblem(error), severity: 'error', side: null, column: null } as const;
    return {
      isBlank: false,
      problems: [problem],
      ignored: [],
      beside: 1,
      unknownText: null,
      label: null,
      hasPrompt: null,
      list: null,
      hashes: null,
    };
  }
}
