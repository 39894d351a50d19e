import { checkRow } from './checks';
import { judgedHashes, pairHashes, type RowHashes } from './contentHash';
import { DuplicateFinder } from './duplicates';
import { FindingGroups, Said } from './findingGroups';
import type { JsonObject } from './json';
import { looksLikePrompt } from './looksLikePrompt';
import { type Problem, problem } from './problem';
import type { PairResult } from './readPair';
import { unknownKeys } from './rowKeys';
import { partsOf } from './rowParts';

/** What a file has, said once: how many lines have it, and which ones first. */
export interface FileFinding {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly field: string | null;
  readonly message: string;
  readonly count: number;
  /** The first ten of the lines, from 1. */
  readonly lines: readonly number[];
}

/** Codes of problems that a file's shape brings about: most rows have them alike, so they are said once a file. */
const ofTheFile: ReadonlySet<string> = new Set([
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
]);

/**
 * Codes that a wrong shape gives to every row alike: the first {@link linesEach} lines are said one by one, the rest
 * once.
 */
const ofTheShape: ReadonlySet<string> = new Set([
  'not-json',
  'not-an-object',
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
const linesEach = 3;

/**
 * The problems of a row by itself that are worth a mark beside it: all but the warnings that {@link FileCheck} says
 * once for the file, which every row would have.
 */
export function rowProblems(result: PairResult): readonly Problem[] {
  return checkRow(result).filter(
    (one) => one.severity === 'error' || !(isOfPrompts(result, one) || ofTheFile.has(one.code)),
  );
}

/** Whether plain texts have a prompt is judged over the file. */
function isOfPrompts(result: PairResult, { code }: Problem): boolean {
  return code === 'no-shared-prompt' && result.kind === 'pair' && result.format.id === 'implicit-plain';
}

/**
 * Checks a file line by line: each line's own problems, and what only the whole file shows. A row takes 16 to 24 bytes
 * (its hash, to find duplicates); all else is bounded.
 */
export class FileCheck {
  private readonly duplicates = new DuplicateFinder();
  private readonly groups = new FindingGroups();
  private readonly said = new Said();
  private rows = 0;
  /** The first unknown key that holds text. */
  private unknownText: string | null = null;
  private readonly judged = { good: 0, bad: 0 };
  private readonly plain = { rows: 0, prompts: 0 };

  /**
   * Problems of one line that are not said once a file; to be called in the order of the lines, which count from 1.
   */
  line(line: number, result: PairResult): readonly Problem[] {
    if (result.kind === 'blank') return [];
    this.rows++;
    const problems = checkRow(result).filter((one) => !this.heldBack(line, result, one));
    if (result.kind !== 'pair' && result.kind !== 'judged') return problems;
    const parts = partsOf(result);
    this.countUnknown(line, result.value, unknownKeys(result.value, parts));
    if (result.kind === 'judged') this.judged[result.answer.label ? 'good' : 'bad']++;
    else if (result.format.id === 'implicit-plain')
      this.countPrompt(line, parts.prompt.map(({ content }) => content).join(''));
    const hashes = result.kind === 'pair' ? pairHashes(result.pair) : judgedHashes(result.answer);
    return [...problems, ...this.earlier(line, hashes)];
  }

  /** What the whole file shows; to be called after the last line. */
  finish(): readonly FileFinding[] {
    if (this.rows === 0) return [finding('error', 'no-rows', 'The file is empty: it holds no rows.')];
    return [...this.groups.findings().map((one) => this.weighed(one)), ...this.oneKind()];
  }

  private heldBack(line: number, result: PairResult, one: Problem): boolean {
    if (isOfPrompts(result, one)) return true;
    if (ofTheShape.has(one.code) && this.said.add(one) <= linesEach) return false;
    if (!ofTheFile.has(one.code) && !ofTheShape.has(one.code)) return false;
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

  /** Where most rows do have a prompt, the few without are worth a look; where few have, the file has none. */
  private weighed(found: FileFinding): FileFinding {
    const { rows, prompts } = this.plain;
    if (found.code !== 'no-prompts') return found;
    if (prompts * 2 > rows) return { ...found, severity: 'info', message: fewWithout };
    const key = this.unknownText;
    return key === null
      ? found
      : { ...found, message: `${noPrompts} If ${JSON.stringify(key)} is the question, rename it to "prompt".` };
  }

  private earlier(line: number, hashes: RowHashes): Problem[] {
    const earlier = this.duplicates.add(line, hashes);
    if (!earlier) return [];
    return [problem('warning', earlier.kind, null, sentences[earlier.kind](earlier.line))];
  }

  private oneKind(): FileFinding[] {
    const { good, bad } = this.judged;
    if (good + bad < 2 || (good > 0 && bad > 0)) return [];
    const message = `All ${good + bad} judged answers have the label ${good > 0}: KTO learns from both kinds.`;
    return [{ ...finding('info', 'one-label', message), field: 'label', count: good + bad }];
  }
}

const noPrompts =
  'No prompt is to be seen: chosen and rejected begin alike by chance. Add "prompt", or begin both with the question.';

const fewWithout =
  'These rows do not seem to begin with a prompt, as most of the file does: see what chosen and rejected share.';

const sentences = {
  duplicate: (line: number): string => `The same pair as line ${line}: delete one of the two.`,
  contradiction: (line: number): string =>
    `The opposite of line ${line}, with the same prompt: one of the two is wrong.`,
};

function finding(severity: FileFinding['severity'], code: string, message: string): FileFinding {
  return { code, severity, field: null, message, count: 1, lines: [] };
}
