import { resolve } from 'node:path';
import { nullIfMissing } from '../base/node/jsonFile';
import { MarginError } from '../base/pure/marginError';
import { readSuspects } from '../jsonl/node/suspects/suspectsFile';
import type { FileComparison } from '../jsonl/node/compare/compareFiles';
import { comparedWith } from './comparedWith';
import { markFields } from '../pairs/query/markTexts';
import type { Condition } from '../pairs/query/condition';
import { BadQuery } from '../pairs/query/queryError';
import { fieldsOf } from '../pairs/query/queryPlan';
import { rewardFields } from '../pairs/query/rewardFields';
import { isTokenField } from '../pairs/tokens/rowTokens';
import type { SuspectBook } from '../pairs/suspects/suspectBook';
import { suspectFields } from '../pairs/suspects/verdict';
import type { Reading } from '../pairs/reading';
import { UsageError } from './args';
import type { Surroundings } from './command';

/** Fields that only the editor knows. */
export const editorOnly: ReadonlySet<string> = new Set(['edited', 'strength', ...markFields]);
/** Fields that are known with rewards. */
const scoredFields: ReadonlySet<string> = new Set(rewardFields.map(({ name }) => name));
const checkFields: ReadonlySet<string> = new Set(['problem', 'problems', 'severity', 'ignored']);

/** Parses what a person wrote. @throws UsageError with the place of a mistake */
export function readable<T>(text: string, parse: (text: string) => T): T {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof BadQuery)) throw error;
    const { start, end, message } = error.error;
    const marks = '^'.repeat(Math.max(1, end - start));
    throw new UsageError(`${message}\n  ${text.replaceAll(/\s/g, ' ')}\n  ${' '.repeat(start)}${marks}`);
  }
}

/**
 * @param given what the command was given: rewards, and a train config for tokens; null if it takes none
 * @param more names of other fields that are used
 * @throws UsageError if only the editor knows a field, or what it needs is missing
 */
export function refuseUnknownFields(
  condition: Condition,
  given: { readonly rewards: boolean; readonly tokens: boolean } | null,
  more: readonly string[] = [],
): void {
  const fields = [...fieldsOf(condition), ...more];
  const needs = (field: string): boolean => scoredFields.has(field) || isTokenField(field);
  const unknown = fields.find((field) => editorOnly.has(field) || (given === null && needs(field)));
  if (unknown !== undefined) throw new UsageError(`only the editor knows ${unknown}`);
  const scored = given?.rewards === true ? undefined : fields.find((field) => scoredFields.has(field));
  if (scored !== undefined) throw new UsageError(`${scored} needs rewards: name a run with --rewards`);
  const ofTokens = given?.tokens === true ? undefined : fields.find(isTokenField);
  if (ofTokens !== undefined)
    throw new UsageError(`${ofTokens} needs a train config: name one with --config NAME.train.json`);
}

/**
 * The saved verdicts on the labels of a file, if a condition asks for them; else null.
 *
 * @param more names of other fields that are used
 * @throws MarginError `no-suspects` if none are saved; those of `readSuspects`
 */
export async function suspectsFor(
  condition: Condition,
  file: string,
  more: readonly string[] = [],
): Promise<SuspectBook | null> {
  const field = [...fieldsOf(condition), ...more].find((one) => suspectFields.some((name) => name === one));
  if (field === undefined) return null;
  const saved = await nullIfMissing(readSuspects(file));
  if (saved !== null) return saved.book;
  const message = `${field} needs a search for wrong labels: give margin suspects ${file} with --save first`;
  throw new MarginError('no-suspects', message, { file });
}

/** Whether a condition asks for duplicates and contradictions, which only the whole file shows. */
export function ofWholeFile(condition: Condition, more: readonly string[] = []): boolean {
  return [...fieldsOf(condition), ...more].some((field) => checkFields.has(field));
}

/** The value of --against that means the last commit. */
const lastCommit = 'HEAD';

/**
 * How the rows of a file differ, if a condition asks for that; else null.
 *
 * @param against the file to compare with, as the person named it; null for the last commit
 */
export async function changesFor(
  condition: Condition,
  file: string,
  against: string | null,
  { cwd, output }: Surroundings,
  reading: Reading,
): Promise<FileComparison | null> {
  if (!fieldsOf(condition).includes('changed')) return null;
  const other = against === null || against === lastCommit ? null : resolve(cwd, against);
  return comparedWith(file, other, reading, output);
}
