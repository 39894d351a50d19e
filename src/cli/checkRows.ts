import { MarginError } from '../base/pure/marginError';
import { readPairs } from '../jsonl/node/readPairs';
import { placeIn } from '../pairs/placeIn';
import { FileCheck } from '../pairs/fileCheck';
import type { Reading } from '../pairs/reading';
import type { PairResult } from '../pairs/readPair';
import { rowProblem } from '../reward/rowError';
import type { Finding } from './findings';
import { type TokenCheck, type TokenFinding, usableRows } from './tokenCheck';

type RowFinding = Omit<Finding, 'file' | 'line'>;

/**
 * The problems of a preference file: those of each line, then those of the file as a whole.
 *
 * @param reading how its rows are read
 * @param counts the number of rows is added to it
 * @param tokens null to check without a model
 */
export async function* rowFindings(
  file: string,
  reading: Reading,
  counts: { rows: number },
  tokens: TokenCheck | null,
): AsyncGenerator<Finding> {
  const check = new FileCheck('line');
  let modelError: MarginError | null = null;
  for await (const { line, before, text, result } of readPairs(file, { reading })) {
    if (result.kind === 'blank') continue;
    counts.rows++;
    for (const problem of lineProblems(line, result, check))
      yield { file, line, ...problem, ...placeOf(problem.column, text, line, before) };
    const seen: TokenFinding[] | MarginError = tokens && !modelError ? withModel(line, result, tokens) : [];
    if (seen instanceof MarginError) {
      modelError = seen;
      yield { file, line: null, column: null, severity: 'error', code: seen.code, field: null, message: seen.message };
    } else {
      for (const problem of seen) yield { file, line, ...problem };
    }
  }
  for (const found of check.finish()) yield { file, line: null, column: null, ...found };
}

/** The place in the file of a character of a row, which counts from 1; nothing if the problem has no column. */
function placeOf(
  column: number | null,
  text: string,
  line: number,
  before: number | null,
): { line: number; column: number | null } | undefined {
  if (column === null) return undefined;
  const place = placeIn(text, column);
  if (place.line > 1) return { line: line + place.line - 1, column: place.column };
  return { line, column: before === null ? null : before + column };
}

/** The problems of a row under the model, or an error of the whole model, which is reported only once. */
function withModel(line: number, result: PairResult, tokens: TokenCheck): TokenFinding[] | MarginError {
  try {
    return different(usableRows(result).flatMap((row) => tokens.findings(line, row)));
  } catch (error) {
    if (error instanceof MarginError) return error;
    throw error;
  }
}

/** The pairs of a list share their prompt, and so the findings about it. */
function different(findings: readonly TokenFinding[]): TokenFinding[] {
  return [...new Map(findings.map((found) => [JSON.stringify(found), found])).values()];
}

/** The problems of a line without a model. If the check itself fails, that is the line's problem. */
export function lineProblems(line: number, result: PairResult, check: FileCheck): RowFinding[] {
  try {
    return check.line(line, result).map(({ side, field, ...problem }) => ({ ...problem, field: field ?? side }));
  } catch (error) {
    return [{ ...rowProblem(error), severity: 'error', column: null }];
  }
}
