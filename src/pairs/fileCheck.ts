import type { RowHashes } from './contentHash';
import { DuplicateFinder, type Earlier } from './duplicates';
import { FindingGroups, SentenceCounts } from './findingGroups';
import { type ListCounts, ListTally } from './listTally';
import { type IgnoredProblem, parted } from './marks/ignore';
import { type Problem, problem } from './problem';
import type { PairResult } from './readPair';
import { BatchReader, labelIn, type ReportBatch } from './reportBatch';
import { type IgnoredIn, noPrompts, nothingIgnored, oncePerFile, reportOf, type RowReport } from './rowReport';
import { type RuleLevels, withLevels } from './rules/levels';
import { idsReported } from './rules/table';

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

/**
 * Problems that every row has if the file has a wrong format. The first {@link reportedLines} lines are reported
 * separately, the rest together.
 */
const firstLinesOnly = idsReported('first');
const reportedLines = 3;

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
  private readonly lists = new ListTally();
  private rows = 0;
  /** The first unknown key that holds text. */
  private unknownText: string | null = null;
  private readonly judged = { good: 0, bad: 0 };
  private readonly plain = { rows: 0, prompts: 0 };

  /**
   * @param unit whether messages number lines or rows
   * @param levels the severities that a person gave to rules; the reports must have them too
   * @param ignored gets the problems of each line whose rules are ignored there
   */
  constructor(
    private readonly unit: 'line' | 'row',
    private readonly levels: RuleLevels,
    private readonly ignored: (line: number, problems: readonly IgnoredProblem[]) => void = () => undefined,
  ) {}

  /** Reserves memory for this many lines, which saves time if the number is about right. */
  expect(lines: number): void {
    this.duplicates.reserve(lines);
  }

  /**
   * Checks the next line.
   *
   * @param line from 1
   * @param result the line, as `readPair` returned it
   * @returns the problems to report for this line; the others are collected for {@link finish}
   */
  line(line: number, result: PairResult, ignoredIn: IgnoredIn = nothingIgnored): readonly Problem[] {
    return this.add(line, reportOf(result, this.levels, ignoredIn, ignoredIn !== nothingIgnored));
  }

  /** {@link line} for a line that was checked before, perhaps by another thread. */
  add(line: number, report: RowReport): readonly Problem[] {
    if (report.isBlank) return [];
    this.rows++;
    const problems = this.reported(line, report.problems, report).filter((one) => !this.isCollected(line, one));
    this.unknownText ??= report.unknownText;
    if (report.label !== null) this.judged[report.label ? 'good' : 'bad']++;
    if (report.hasPrompt !== null) this.plain.rows++;
    if (report.hasPrompt === true) this.plain.prompts++;
    if (report.list) this.lists.add(report.list);
    if (!report.hashes) return problems;
    const related = this.earlier(line, report.list ? 'list of answers' : 'pair', report.hashes);
    return [...problems, ...this.reported(line, withLevels(related, this.levels), report)];
  }

  /** Some problems of a line without those that are ignored there. */
  private reported(line: number, problems: readonly Problem[], { ignored }: RowReport): readonly Problem[] {
    if (ignored.length === 0 || problems.length === 0) return problems;
    const parts = parted(problems, ignored);
    if (parts.ignored.length > 0) this.ignored(line, parts.ignored);
    return parts.reported;
  }

  /**
   * {@link add} for the lines of a batch.
   *
   * @param first the number of its first line, from 1
   * @param reported called for each line with problems to report
   */
  addBatch(first: number, batch: ReportBatch, reported: (line: number, problems: readonly Problem[]) => void): void {
    const reader = new BatchReader(batch);
    for (let row = 0; row < batch.flags.length; row++) {
      const line = first + row;
      const problems = reader.skipClean() ? this.clean(line, batch, row) : this.add(line, reader.next());
      if (problems.length > 0) reported(line, problems);
    }
  }

  /** {@link add} for a pair or a judged answer without problems. */
  private clean(line: number, batch: ReportBatch, row: number): readonly Problem[] {
    this.rows++;
    this.unknownText ??= batch.unknownText;
    const label = labelIn(batch, row);
    if (label !== null) this.judged[label ? 'good' : 'bad']++;
    const { hashes } = batch;
    const earlier = this.duplicates.find(line, hashes, 4 * row);
    return earlier ? withLevels(this.relatedTo(earlier, 'pair'), this.levels) : noProblems;
  }

  /** What the pair rules make from the lists so far; null if there is none. */
  get listCounts(): ListCounts | null {
    return this.lists.counts;
  }

  /** The problems of the whole file, most severe first. Call this after the last line. */
  finish(): readonly FileFinding[] {
    if (this.rows === 0) return [finding('error', 'no-rows', 'The file is empty: it holds no rows.')];
    const ofRows = this.groups.findings().map((one) => this.withSeverity(one));
    return withLevels([...ofRows, ...this.oneLabel(), ...this.lists.findings()], this.levels);
  }

  private isCollected(line: number, one: Problem): boolean {
    if (firstLinesOnly.has(one.code) && this.sentenceCounts.add(one) <= reportedLines) return false;
    if (!oncePerFile.has(one.code) && !firstLinesOnly.has(one.code)) return false;
    this.groups.add(line, one);
    return true;
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
    return earlier ? this.relatedTo(earlier, what) : [];
  }

  private relatedTo(earlier: Earlier, what: string): Problem[] {
    return [problem('warning', earlier.kind, null, sentences[earlier.kind](what, `${this.unit} ${earlier.line}`))];
  }

  private oneLabel(): FileFinding[] {
    const { good, bad } = this.judged;
    if (good + bad < 2 || (good > 0 && bad > 0)) return [];
    const message = `All ${good + bad} judged answers have the label ${good > 0}: KTO learns from both kinds.`;
    return [{ ...finding('info', 'one-label', message), field: 'label', count: good + bad }];
  }
}

const noProblems: readonly Problem[] = [];

const fewWithout =
  'These rows do not seem to begin with a prompt, as most of the file does: see what chosen and rejected share.';

const sentences = {
  duplicate: (what: string, row: string): string => `The same ${what} as ${row}: delete one of the two.`,
  contradiction: (_: string, row: string): string =>
    `The opposite of ${row}, with the same prompt: one of the two is wrong.`,
};

function finding(severity: FileFinding['severity'], code: string, message: string): FileFinding {
  return { code, severity, field: null, message, count: 1, lines: [] };
}
