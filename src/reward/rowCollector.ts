import { setImmediate as turn } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import type { TokenizedPair } from '../engine/types';
import { ignoredIn, ignoredOfFile } from '../jsonl/node/marks/ignoredIn';
import { pairKey } from '../jsonl/node/pairKey';
import { readPairs, type ReadRow } from '../jsonl/node/readPairs';
import { MarginError } from '../base/pure/marginError';
import { at } from '../base/pure/must';
import { FileCheck, type FileFinding } from '../pairs/fileCheck';
import type { IgnoredRules } from '../pairs/marks/ignore';
import type { Message, Pair } from '../pairs/pair';
import type { Reading } from '../pairs/reading';
import { noLevels } from '../pairs/rules/levels';
import { type IgnoredIn, nothingIgnored } from '../pairs/rowReport';
import type { PairResult } from '../pairs/readPair';
import { LineTally, ReasonTally } from './lineTally';
import { rowProblem, sentenceOf, type RowProblem } from './rowError';
import { rowErrors } from './rowErrors';
import type { MarksApplied, RowMarks } from './rowMarks';
import { RowWriter, type RowStore } from './rowStore';
import type { TokenizeOptions } from './tokenizePair';
import { weightOf } from './weight';

export type PromptFilter = (prompt: readonly Message[]) => boolean;

export interface LoadOptions extends TokenizeOptions {
  /** How the rows are read. */
  readonly reading: Reading;
  /** Whether rows with this prompt are loaded; the others are skipped and not counted. All rows if left out. */
  readonly wants?: PromptFilter;
  /** Reads the `weight` of rows, which TRL does not know. False if left out. */
  readonly weights?: boolean;
  /** The reviewers' marks, which are applied to the pairs. null or left out: pairs are loaded as the file has them. */
  readonly marks?: RowMarks | null;
  /** How many prompts to keep in memory; 0 if left out. */
  readonly prompts?: number;
  /** The folder of the temporary file of token ids; the system's temporary folder if left out. */
  readonly scratch?: string;
  /** Called for each kept row, in the order of the file. */
  readonly onRow?: (row: KeptRow) => void;
  /**
   * Called after each part of the file with the number of lines read. If it throws, the loading ends with that error.
   */
  readonly onProgress?: (lines: number) => Promise<void>;
}

/** A row that is kept. */
export interface KeptRow {
  readonly line: number;
  readonly key: string;
  readonly prompt: readonly Message[];
  /** With the marks applied. A judged answer has an empty other side. */
  readonly source: Pair;
  /** Of a judged answer: whether it is good. */
  readonly desirable?: boolean;
}

/** The tokenised rows of a file, and counts of what was left out or cut. */
export interface LoadedPairs {
  /** Close it after the last read. */
  readonly rows: RowStore;
  /**
   * The first distinct prompts, up to `LoadOptions.prompts`: the user's last turn, and the token ids of the whole
   * prompt.
   */
  readonly prompts: ReadonlyMap<string, readonly number[]>;
  /** Lines that hold no row, and why. */
  readonly unusable: ReasonTally;
  /** Rows that the model's template or tokenizer refuses, and why. */
  readonly refused: ReasonTally;
  /** Lines whose prompt alone fills `max_length`. */
  readonly tooLong: LineTally;
  /** Answers that `max_length` cuts. */
  readonly truncated: LineTally;
  /** Answers before which the prompt has other tokens than alone. */
  readonly mismatched: LineTally;
  /** Pairs whose two answers have the same tokens, so that training learns nothing from them. */
  readonly sameTokens: LineTally;
  /** Ties: pairs whose answers are equally good. */
  readonly ties: LineTally;
  /** Findings about the file as a whole, such as keys that nothing reads. */
  readonly findings: readonly FileFinding[];
  /** Rows with a weight that is not 1. */
  readonly weighted: LineTally;
  /** What marks changed; null if none were asked for. */
  readonly marks: MarksApplied | null;
  /** The number of judged answers that are labelled good. */
  readonly desirable: number;
}

/** A row with its tokens. */
export interface TokenizedRow {
  readonly line: number;
  readonly source: Pair;
  readonly training: TokenizedPair;
}

/** Characters tokenised between two turns of the event loop, which takes about 0.1 s. */
const charactersPerTurn = 1 << 16;

/** Reads a file and collects its rows. Kept rows go to a temporary file, so memory stays small. */
export class RowCollector {
  readonly tooLong = new LineTally();
  readonly sameTokens = new LineTally();
  readonly truncated = new LineTally();
  readonly mismatched = new LineTally();
  readonly ties = new LineTally();
  private readonly unusable = new ReasonTally();
  private readonly refused = new ReasonTally();
  private readonly fileCheck = new FileCheck('line', noLevels);
  private readonly ignoredIn: IgnoredIn;
  private readonly weighted = new LineTally();
  private readonly prompts = new Map<string, readonly number[]>();
  private desirable = 0;
  private kept = 0;

  private constructor(
    private readonly file: string,
    private readonly what: string,
    private readonly options: LoadOptions,
    private readonly writer: RowWriter,
    ignored: IgnoredRules | null,
  ) {
    this.ignoredIn = ignored ? (result) => ignoredIn(result, ignored) : nothingIgnored;
  }

  /**
   * @param what the name of a row in messages, such as `pair`
   * @param gather reads {@link rows} and keeps each row or leaves it out
   * @throws MarginError `no-usable-pairs` | `all-too-long`, the errors of `gather` and `onProgress`, and those of
   *   reading and writing
   */
  static async collect(
    file: string,
    what: string,
    options: LoadOptions,
    gather: (collector: RowCollector) => Promise<void>,
  ): Promise<LoadedPairs> {
    const { rules } = await ignoredOfFile(file);
    const writer = await RowWriter.open(options.scratch ?? tmpdir());
    try {
      const collector = new RowCollector(file, what, options, writer, rules);
      await gather(collector);
      return await collector.finish();
    } catch (error) {
      await writer.discard();
      throw error;
    }
  }

  /** The rows of the file in which the checks find no error. Leaves the others out. */
  async *rows(): AsyncGenerator<ReadRow> {
    let characters = 0;
    for await (const row of readPairs(this.file, this.options)) {
      const [error] = row.result.kind === 'blank' ? [] : this.check(row.line, row.result);
      if (error) this.leaveOut(row.line, sentenceOf(error));
      else if (row.result.kind !== 'blank') yield row;
      characters += row.text.length;
      if (characters < charactersPerTurn) continue;
      characters = 0;
      // Tokenising blocks the event loop, and heartbeats and signals need their turn.
      await turn();
      await this.options.onProgress?.(row.line);
    }
  }

  /** The errors of a row, which cannot be ignored. Adds a row without errors to the findings about the file. */
  private check(line: number, result: PairResult): readonly RowProblem[] {
    const errors = rowErrors(result);
    if (errors.length === 0) this.fileCheck.line(line, result, this.ignoredIn);
    return errors;
  }

  leaveOut(line: number, reason: string): void {
    this.unusable.addFor(line, reason);
  }

  /**
   * The result of `work` on a row. If it throws, the row is left out for that reason and the result is null.
   *
   * @throws MarginError errors of the whole model, see {@link rowProblem}
   */
  attempt<T>(line: number, work: () => T): T | null {
    try {
      return work();
    } catch (error) {
      this.refused.addFor(line, sentenceOf(rowProblem(error)));
      return null;
    }
  }

  /** The weight of the row, if the options ask for weights. */
  weight({ result }: ReadRow): { readonly weight?: number } {
    return this.options.weights && 'format' in result ? weightOf(result) : {};
  }

  async keep({ line, source, training }: TokenizedRow): Promise<void> {
    const { weight = 1, desirable, prompt } = training;
    const key = this.attempt(line, () => pairKey(source));
    if (key === null) return;
    await this.writer.append({ line, key, training });
    this.kept++;
    this.options.onRow?.({
      line,
      key,
      prompt: source.prompt,
      source,
      ...(desirable === undefined ? {} : { desirable }),
    });
    this.weighted.add(line, weight === 1 ? 0 : 1);
    if (desirable === true) this.desirable++;
    // Generation needs at least one token to continue from.
    const { prompts: wanted = 0 } = this.options;
    if (this.prompts.size === wanted || prompt.length === 0) return;
    const text = lastUserTurn(source);
    if (!this.prompts.has(text)) this.prompts.set(text, prompt);
  }

  private reasonsInWords(): string {
    const reasons = [...this.unusable.reasons, ...this.refused.reasons].slice(0, shownReasons);
    const sentences = reasons.map(([reason, { first, lines }]) => {
      const others = lines > 1 ? ` (${lines} rows)` : '';
      return `${this.file}:${at(first, 0)}: ${reason}${others}`;
    });
    const { ties } = this;
    const { marks } = this.options;
    const dropped = marks ? marks.ties.count + marks.bothBad.count : 0;
    return [
      ...sentences,
      ...(ties.count > 0 ? [`${ties.count} are ties.`] : []),
      ...(dropped > 0 ? [`${dropped} are ties or have two bad answers, as their marks say.`] : []),
    ].join(' ');
  }

  private async finish(): Promise<LoadedPairs> {
    const { file, what, tooLong } = this;
    if (this.kept === 0 && tooLong.count > 0) {
      throw new MarginError(
        'all-too-long',
        `${file}: the prompt of every ${what} has max_length (${this.options.maxLength}) tokens or more. Raise max_length.`,
        { file },
      );
    }
    if (this.kept === 0)
      throw new MarginError('no-usable-pairs', `${file} holds no usable ${what}. ${this.reasonsInWords()}`.trim(), {
        file,
      });
    const findings = this.fileCheck.finish().filter(({ severity, code }) => severity === 'warning' || told.has(code));
    const { marks = null } = this.options;
    const { unusable, refused, truncated, mismatched, sameTokens, ties, weighted, prompts, desirable } = this;
    return {
      rows: await this.writer.finish(),
      prompts,
      findings,
      unusable,
      refused,
      tooLong,
      truncated,
      mismatched,
      sameTokens,
      ties,
      weighted,
      marks,
      desirable,
    };
  }
}

/** Codes of the `info` findings about the whole file that a run also notes. */
const told: ReadonlySet<string> = new Set(['one-label', 'how-read', 'pair-rule']);

/** How many reasons an error names; `margin check` names all. */
const shownReasons = 3;

function lastUserTurn({ prompt }: Pair): string {
  const last = prompt.findLast(({ role }) => role === 'user') ?? prompt.at(-1);
  // A prompt without messages has no text.
  return last === undefined ? '' : last.content;
}
