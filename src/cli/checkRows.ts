import { MarginError } from '../base/pure/marginError';
import { ignoredIn } from '../jsonl/node/marks/ignoredIn';
import type { IgnoredRule } from '../pairs/marks/ignore';
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
type IgnoredFinding = Omit<Finding, 'file'>;

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
  const hidden: IgnoredFinding[] = [];
  const check = new FileCheck('line', reading.levels, (line, problems) => {
    for (const { ignored, ...problem } of problems) hidden.push({ line, ...findingOf(problem), ignored });
  });
  const blocks = tokens ? null : await reportsInThreads(file, reading, script);
  const found = blocks
    ? ofBlocks(file, blocks, counts, check)
    : ofRows(file, reading, counts, { tokens, check, hidden });
  for await (const one of found) {
    for (const other of hidden.splice(0)) yield { file, ...other };
    yield one;
  }
  for (const other of hidden.splice(0)) yield { file, ...other };
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

interface RowParts {
  readonly tokens: TokenCheck | null;
  readonly check: FileCheck;
  /** Gets the problems whose rules are ignored in their rows. */
  readonly hidden: IgnoredFinding[];
}

async function* ofRows(
  file: string,
  reading: Reading,
  counts: { rows: number },
  { tokens, check, hidden }: RowParts,
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
      const { reported, ignored } = partedSeen(seen, result, reading);
      for (const problem of reported) yield { file, line, ...problem };
      hidden.push(...ignored.map((problem) => ({ line, ...problem })));
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
export function lineProblems(line: number, result: PairResult, check: FileCheck, reading: Reading): RowFinding[] {
  return check.add(line, lineReport(result, reading)).map(findingOf);
}

/** The problems that show only with a model. Those whose rules are ignored in the row are separate. */
function partedSeen(
  seen: readonly TokenFinding[],
  result: PairResult,
  { ignored }: Reading,
): { readonly reported: readonly TokenFinding[]; readonly ignored: readonly RowFinding[] } {
  const rules = seen.length === 0 ? [] : ignoredIn(result, ignored);
  const reasonOf = ({ code }: TokenFinding): IgnoredRule | undefined => rules.find(({ rule }) => rule === code);
  return {
    reported: seen.filter((one) => reasonOf(one) === undefined),
    ignored: seen.flatMap((one) => {
      const reason = reasonOf(one);
      return reason ? [{ ...one, ignored: reason }] : [];
    }),
  };
}

function findingOf({ side, field, ...problem }: Problem): RowFinding {
  return { ...problem, field: field ?? side };
}
