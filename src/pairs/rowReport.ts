import type { AnswerList } from './answerList';
import { checkedRow } from './checkedRow';
import { checkRow } from './checks';
import { judgedHashes, listHashes, pairHashes, type RowHashes } from './contentHash';
import { type IgnoredProblem, type IgnoredRule, parted } from './marks/ignore';
import type { ListReport } from './listTally';
import { looksLikePrompt } from './looksLikePrompt';
import { countPairs, countsPerRule, type PairRule } from './pairRule';
import { type Problem, problem } from './problem';
import type { AnsweredRow, PairResult } from './readPair';
import { unknownKeys } from './rowKeys';
import { type RuleLevels, withLevels } from './rules/levels';
import { idsReported } from './rules/table';

/** The part of a checked row that the check of its file needs. It is plain data, so that another thread can send it. */
export interface RowReport {
  readonly isBlank: boolean;
  /** All problems of the row, including those that the file reports once, and those that are ignored. */
  readonly problems: readonly Problem[];
  /** The rules that are ignored in the row. */
  readonly ignored: readonly IgnoredRule[];
  /** How many of them {@link rowProblems} shows beside the row. */
  readonly beside: number;
  /** The first unknown key that holds text. */
  readonly unknownText: string | null;
  /** The label of a judged answer. */
  readonly label: boolean | null;
  /** For two plain texts without a prompt of their own: whether they seem to begin with one. Else null. */
  readonly hasPrompt: boolean | null;
  /** For a list of answers. */
  readonly list: ListReport | null;
  /** Null if the row holds no answers. */
  readonly hashes: RowHashes | null;
}

/** Problems that come from the format of the whole file. Most rows share them, so they are reported once per file. */
export const oncePerFile = idsReported('once');

/** Gives the rules that are ignored in a row. This takes time, so it is called only for rows with problems. */
export type IgnoredIn = (result: PairResult) => readonly IgnoredRule[];

/** Ignores no rule in any row. */
export const nothingIgnored: IgnoredIn = () => noRules;
const noRules: readonly IgnoredRule[] = [];

/**
 * The problems to show beside one row: all problems of the row except the warnings that a check of the file reports
 * once for the file, and those whose rule is ignored in the row.
 */
export function rowProblems(result: PairResult, levels: RuleLevels, ignoredIn: IgnoredIn): readonly Problem[] {
  const found = besideRow(result, levels);
  return found.length === 0 ? found : parted(found, ignoredIn(result)).reported;
}

/** The problems that {@link rowProblems} leaves out because their rule is ignored in the row. */
export function ignoredProblems(
  result: PairResult,
  levels: RuleLevels,
  ignoredIn: IgnoredIn,
): readonly IgnoredProblem[] {
  const found = withLevels(checkRow(result), levels);
  return found.length === 0 ? [] : parted(found, ignoredIn(result)).ignored;
}

function besideRow(result: PairResult, levels: RuleLevels): readonly Problem[] {
  return withLevels(checkRow(result), levels).filter(
    (one) => one.severity === 'error' || !(isOfPrompts(result, one) || oncePerFile.has(one.code)),
  );
}

/** Whether plain texts share a prompt is decided for the whole file. */
function isOfPrompts(result: PairResult, { code }: Problem): boolean {
  return code === 'no-shared-prompt' && result.kind === 'pair' && result.format.id === 'implicit-plain';
}

/**
 * Checks a row, for the check of its file.
 *
 * @param ofFile whether rules that only the whole file shows are ignored in some rows
 */
export function reportOf(
  result: PairResult,
  levels: RuleLevels,
  ignoredIn: IgnoredIn = nothingIgnored,
  ofFile = false,
): RowReport {
  const all = withLevels(checkRow(result), levels);
  const found = all.some((one) => isOfPrompts(result, one)) ? all.filter((one) => !isOfPrompts(result, one)) : all;
  const isBeside = ({ severity, code }: Problem): boolean => severity === 'error' || !oncePerFile.has(code);
  if (!('format' in result)) return withoutAnswers(result.kind === 'blank', found, found.filter(isBeside).length);
  const keys = unknownKeys(checkedRow(result));
  const hasPrompt = beginsWithPrompt(result);
  const notes = keys.map((key) =>
    problem('info', 'unknown-key', key, `${JSON.stringify(key)} is not known and not read.`),
  );
  if (hasPrompt === false) notes.push(problem('warning', 'no-prompts', null, noPrompts));
  const problems = notes.length === 0 ? found : [...found, ...withLevels(notes, levels)];
  const ignored = ofFile || problems.length > 0 ? ignoredIn(result) : noRules;
  return {
    isBlank: false,
    problems,
    ignored,
    beside: found.length === 0 ? 0 : parted(found, ignored).reported.filter(isBeside).length,
    unknownText: keys.find((key) => typeof result.value[key] === 'string') ?? null,
    label: result.kind === 'judged' ? result.answer.label : null,
    hasPrompt,
    list: result.kind === 'list' ? listReport(result.list, result.rule) : null,
    hashes: hashesOf(result),
  };
}

function withoutAnswers(isBlank: boolean, problems: readonly Problem[], beside: number): RowReport {
  const nothing = { unknownText: null, label: null, hasPrompt: null, list: null, hashes: null };
  return { isBlank, problems, ignored: noRules, beside, ...nothing };
}

/** The hashes by which duplicates and contradictions of a row are found. */
export function hashesOf(result: AnsweredRow): RowHashes {
  if (result.kind === 'list') return listHashes(result.list);
  return result.kind === 'pair' ? pairHashes(result.pair) : judgedHashes(result.answer);
}

function beginsWithPrompt(result: AnsweredRow): boolean | null {
  if (result.kind !== 'pair' || result.format.id !== 'implicit-plain') return null;
  return looksLikePrompt(result.pair.prompt.map(({ content }) => content).join(''));
}

export const noPrompts =
  'No prompt was found: the shared start of chosen and rejected seems accidental. Add "prompt", or begin both with the question.';

function listReport(list: AnswerList, rule: PairRule): ListReport {
  return { rule, ...countPairs(list, rule), perRule: countsPerRule(list, rule) };
}
