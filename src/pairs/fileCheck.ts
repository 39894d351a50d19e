import { checkRow } from './checks';
import { judgedHashes, listHashes, pairHashes, type RowHashes } from './contentHash';
import { DuplicateFinder } from './duplicates';
import { FindingGroups, SentenceCounts } from './findingGroups';
import type { JsonObject } from './json';
import { ListTally } from './listTally';
import { looksLikePrompt } from './looksLikePrompt';
import { type Problem, problem } from './problem';
import type { AnsweredRow, PairResult } from './readPair';
import { unknownKeys } from './rowKeys';
import { partsOf } from './rowParts';

/** A problem that is reported once for the whole file, with the number of its lines and the first of them. */
export interface FileFinding {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly field: string | null;
  readonly message: string;
  /** Number of lines with the problem. */
  readonly count: number;
  /** The first ten of these lines, from 1. */
  readonly lines: readonly number[];
}

/** Problems that come from the format of the whole file. Most rows share them, so they are reported once per file. */
const oncePerFile: ReadonlySet<string> = new Set([
  'unread-key',
  'lost-question',
  'unknown-shape',
  'mixed-shape',
  'json-as-text',
  'json-answer',
  'label-not-boolean',
  'template-text',
  'media-placeholder',
  'prompt-differs',
  'almost-transcript',
  'how-read',
  'media-part',
  'unrated-answer',
  'few-answers',
  'no-pairs',
]);

/**
 * Problems that every row has if the file has a wrong format. The first {@link reportedLines} lines are reported
 * one by one, the rest once.
 */
const firstLinesOnly: ReadonlySet<string> = new Set([
  'not-json',
  'not-an-object',
  'tie',
  'no-verdict',
  'missing-field',
  'wrong-type',
  'wrong-tools',
  'bad-weight',
  'unknown-role',
  'empty-prompt',
  'no-shared-prompt',
  'repeated-prompt',
  'role-order',
]);
const reportedLines = 3;

/**
 * The problems to show beside one row: all problems of the row except the warnings that {@link FileCheck} reports once
 * for the file.
 */
export function rowProblems(result: PairResult): readonly Problem[] {
  return checkRow(result).filter(
    (one) => one.severity === 'error' || !(isOfPrompts(result, one) || oncePerFile.has(one.code)),
  );
}

/** Whether plain texts share a prompt is decided for the whole file. */
function isOfPrompts(result: PairResult, { code }: Problem): boolean {
  return code === 'no-shared-prompt' && result.kind === 'pair' && result.format.id === 'implicit-plain';
}

/**
 * Checks a file line by line: the problems of each line, and those that only the whole file shows (duplicates, unknown
 * keys, answers without prompts). A row takes 16 to 24 bytes of memory for its hash; everything else is bounded.
 *
 * Call {@link line} for each line in order, then {@link finish}.
 */
export class FileCheck {
  private readonly duplicates = new DuplicateFinder();
  private readonly groups = new FindingGroups();
  private readonly sentenceCounts = new SentenceCounts();
  private rows = 0;
  /** The first unknown key that holds text. */
  private unknownText: string | null = null;
  private readonly judged = { good: 0, bad: 0 };
  private readonly lists = new ListTally();
  private readonly plain = { rows: 0, prompts: 0 };

  /**
   * Checks the next line.
   *
   * @param line from 1
   * @param result the line, as `readPair` returned it
   * @returns the problems to report for this line; the others are collected for {@link finish}
   */
  line(line: number, result: PairResult): readonly Problem[] {
    if (result.kind === 'blank') return [];
    this.rows++;
    const problems = checkRow(result).filter((one) => !this.isCollected(line, result, one));
    if (!('format' in result)) return problems;
    const parts = partsOf(result);
    this.countUnknown(line, result.value, unknownKeys(result.value, parts));
    if (result.kind === 'judged') this.judged[result.answer.label ? 'good' : 'bad']++;
    else if (result.kind === 'list') this.lists.add(result.list, result.rule);
    else if (result.format.id === 'implicit-plain')
      this.countPrompt(line, parts.prompt.map(({ content }) => content).join(''));
    return [...problems, ...this.earlier(line, result.kind === 'list' ? 'list of answers' : 'pair', hashesOf(result))];
  }

  /** The problems of the whole file, most severe first. Call this after the last line. */
  finish(): readonly FileFinding[] {
    if (this.rows === 0) return [finding('error', 'no-rows', 'The file is empty: it holds no rows.')];
    const ofRows = this.groups.findings().map((one) => this.withSeverity(one));
    return [...ofRows, ...this.oneLabel(), ...this.lists.findings()];
  }

  private isCollected(line: number, result: PairResult, one: Problem): boolean {
    if (isOfPrompts(result, one)) return true;
    if (firstLinesOnly.has(one.code) && this.sentenceCounts.add(one) <= reportedLines) return false;
    if (!oncePerFile.has(one.code) && !firstLinesOnly.has(one.code)) return false;
    this.groups.add(line, one);
    return true;
  }

  private countUnknown(line: number, value: JsonObject, keys: readonly string[]): void {
    for (const key of keys)
      this.groups.add(line, problem('info', 'unknown-key', key, `${JSON.stringify(key)} is not known and not read.`));
    this.unknownText ??= keys.find((key) => typeof value[key] === 'string') ?? null;
  }

  private countPrompt(line: number, start: string): void {
    this.plain.rows++;
    if (looksLikePrompt(start)) this.plain.prompts++;
    else this.groups.add(line, problem('warning', 'no-prompts', null, noPrompts));
  }

  /** If most rows have a prompt, the few without one deserve a hint. Otherwise the whole file has no prompts. */
  private withSeverity(found: FileFinding): FileFinding {
    const { rows, prompts } = this.plain;
    if (found.code !== 'no-prompts') return found;
    if (prompts * 2 > rows) return { ...found, severity: 'info', message: fewWithout };
    const key = this.unknownText;
    return key === null
      ? found
      : { ...found, message: `${noPrompts} If ${JSON.stringify(key)} is the question, rename it to "prompt".` };
  }

  private earlier(line: number, what: string, hashes: RowHashes): Problem[] {
    const earlier = this.duplicates.add(line, hashes);
    if (!earlier) return [];
    return [problem('warning', earlier.kind, null, sentences[earlier.kind](what, earlier.line))];
  }

  private oneLabel(): FileFinding[] {
    const { good, bad } = this.judged;
    if (good + bad < 2 || (good > 0 && bad > 0)) return [];
    const message = `All ${good + bad} judged answers have the label ${good > 0}: KTO learns from both kinds.`;
    return [{ ...finding('info', 'one-label', message), field: 'label', count: good + bad }];
  }
}

const noPrompts =
  'No prompt was found: what chosen and rejected share at their start seems accidental. Add "prompt", or begin both with the question.';

const fewWithout =
  'These rows do not seem to begin with a prompt, as most of the file does: see what chosen and rejected share.';

const sentences = {
  duplicate: (what: string, line: number): string => `The same ${what} as line ${line}: delete one of the two.`,
  contradiction: (_: string, line: number): string =>
    `The opposite of line ${line}, with the same prompt: one of the two is wrong.`,
};

function hashesOf(result: AnsweredRow): RowHashes {
  if (result.kind === 'list') return listHashes(result.list);
  return result.kind === 'pair' ? pairHashes(result.pair) : judgedHashes(result.answer);
}

function finding(severity: FileFinding['severity'], code: string, message: string): FileFinding {
  return { code, severity, field: null, message, count: 1, lines: [] };
}
