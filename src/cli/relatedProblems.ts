import { ignoredIn } from '../jsonl/node/marks/ignoredIn';
import { readPairs } from '../jsonl/node/readPairs';
import { FileCheck } from '../pairs/fileCheck';
import type { IgnoredProblem } from '../pairs/marks/ignore';
import type { Problem } from '../pairs/problem';
import type { Reading } from '../pairs/reading';
import { type IgnoredIn, nothingIgnored } from '../pairs/rowReport';

/** Duplicates and contradictions of each row of a file, by its index. */
export interface RelatedProblems {
  readonly reported: ReadonlyMap<number, readonly Problem[]>;
  /** Those that a person ignores in the row. */
  readonly ignored: ReadonlyMap<number, readonly IgnoredProblem[]>;
}

/** For a query that does not ask for them. */
export const nothingRelated: RelatedProblems = { reported: new Map(), ignored: new Map() };

/**
 * Reads a file and finds its duplicates and contradictions, which only all rows together show.
 *
 * @throws MarginError as `readPairs`
 */
export async function relatedProblems(file: string, reading: Reading): Promise<RelatedProblems> {
  const ignoredByRow = new Map<number, readonly IgnoredProblem[]>();
  let current = 0;
  const isRelated = ({ code }: Problem): boolean => code === 'duplicate' || code === 'contradiction';
  const check = new FileCheck('line', reading.levels, (_, problems) => {
    const ofFile = problems.filter(isRelated);
    if (ofFile.length > 0) ignoredByRow.set(current, ofFile);
  });
  const reported = new Map<number, readonly Problem[]>();
  const ignored: IgnoredIn = reading.ignored ? (result) => ignoredIn(result, reading.ignored) : nothingIgnored;
  for await (const { row, line, result } of readPairs(file, { reading })) {
    current = row;
    const problems = check.line(line, result, ignored).filter(isRelated);
    if (problems.length > 0) reported.set(row, problems);
  }
  return { reported, ignored: ignoredByRow };
}
