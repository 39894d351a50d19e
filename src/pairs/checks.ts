import { type CheckedRow, checkedRow } from './checkedRow';
import { listProblems } from './listProblems';
import { joined, type Problem, problem } from './problem';
import type { Reading } from './reading';
import { type PairOrJudged, type PairResult, readPair } from './readPair';
import { rowChecks } from './rules/table';

/**
 * The problems of one line, without its line end.
 *
 * `checkLine('{"chosen": "Yes."}', detectAll)` has one error, `missing-field` with the field `rejected`.
 */
export function checkLine(line: string, reading: Reading): readonly Problem[] {
  return checkRow(readPair(line, reading));
}

/** {@link checkLine} for a line that was read before. A blank line has no problems, because nothing trains on it. */
export function checkRow(result: PairResult): readonly Problem[] {
  switch (result.kind) {
    case 'blank':
      return [];
    case 'not-json': {
      const { reason, column } = result;
      return [{ ...problem('error', 'not-json', null, reason), column }];
    }
    case 'not-a-pair':
      return result.problems;
    case 'list':
      return joined(listProblems(result.list, result.rule), ofRow(checkedRow(result)));
    case 'judged':
    case 'pair':
      return joined(notes(result), ofRow(checkedRow(result)));
  }
}

function ofRow(row: CheckedRow): readonly Problem[] {
  let found: readonly Problem[] = [];
  for (const check of rowChecks) found = joined(found, check(row));
  return found;
}

function notes({ format, value }: PairOrJudged): readonly Problem[] {
  return format.notes ? format.notes(value) : [];
}
