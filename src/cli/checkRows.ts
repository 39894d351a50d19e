import { MarginError } from '../base/pure/marginError';
import { readPairs } from '../jsonl/node/readPairs';
import { placeIn } from '../pairs/placeIn';
import { FileCheck } from '../pairs/fileCheck';
import type { Problem } from '../pairs/problem';
import type { Reading } from '../pairs/reading';
import type { PairResult } from '../pairs/readPair';
import { rowsIn } from '../pairs/reportBatch';
import { reportsInThreads, type ReportsOfBlocks } from './checkInThreads';
import type { Finding } from './findings';
import { lineReport } from './lineReport';
import { type TokenCheck, type TokenFinding, usableRows } from './tokenCheck';

type RowFinding = Omit<Finding, 'file' | 'line'>;

/**
 * The problems of a preference file: those of each line, then those of the file as a whole. Threads check a large file.
 *
 * @param reading how its rows are read
 * @param counts the number of rows is added to it
 * @param tokens null to check without a model
 * @param script the bundle of `checkLines.ts`
 */
export async function* rowFindings(
  file: string,
  reading: Reading,
  counts: { rows: number },
  tokens: TokenCheck | null,
  script: string,
): AsyncGenerator<Finding> {
  const check = new FileCheck('line', reading.levels);
  const blocks = tokens ? null : await reportsInThreads(file, reading, script);
  if (blocks) yield* ofBlocks(file, blocks, counts, check);
  else yield* ofRows(file, reading, counts, tokens, check);
  for (const found of check.finish()) yield { file, line: null, column: null, ...found };
}

async function* ofBlocks(
  file: string,
  { count, batches }: ReportsOfBlocks,
  counts: { rows: number },
  check: FileCheck,
): AsyncGenerator<Finding> {
  let next = 1;
  for await (const batch of batches) {
    if (next === 1) check.expect(batch.flags.length * count);
    const found: Finding[] = [];
    check.addBatch(next, batch, (line, problems) => {
      for (const problem of problems) found.push({ file, line, ...findingOf(problem) });
    });
    next += batch.flags.length;
    counts.rows += rowsIn(batch);
    yield* found;
  }
}

async function* ofRows(
  file: string,
  reading: Reading,
  counts: { rows: number },
  tokens: TokenCheck | null,
  check: FileCheck,
): AsyncGenerator<Finding> {
  let modelError: MarginError | null = null;
  for await (const { line, before, text, result } of readPairs(file, { reading })) {
    if (result.kind === 'blank') continue;
    counts.rows++;
    for (const problem of lineProblems(line, result, check, reading))
      yield { file, line, ...problem, ...placeOf(problem.column, text, line, before) };
    const seen: TokenFinding[] | MarginError = tokens && !modelError ? withModel(line, result, tokens) : [];
    if (seen instanceof MarginError) {
      modelError = seen;
      yield { file, line: null, column: null, severity: 'error', code: seen.code, field: null, message: seen.message };
    } else {
      for (const problem of seen) yield { file, line, ...problem };
    }
  }
}

/** The place in the file of the character that a problem is about; undefined if the problem has no column. */
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

/** Each finding once: the pairs of a list share their prompt, and so the findings about it. */
function different(findings: readonly TokenFinding[]): TokenFinding[] {
  return [...new Map(findings.map((found) => [JSON.stringify(found), found])).values()];
}

/** The problems of a line without a model. */
export function lineProblems(line: number, result: PairResult, check: FileCheck, { levels }: Reading): RowFinding[] {
  return check.add(line, lineReport(result, levels)).map(findingOf);
}

function findingOf({ side, field, ...problem }: Problem): RowFinding {
  return { ...problem, field: field ?? side };
}
