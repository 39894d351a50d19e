import { setImmediate as turn } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import type { TokenizedPair } from '../engine/types';
import { pairKey } from '../jsonl/node/pairKey';
import { readPairs, type ReadRow } from '../jsonl/node/readPairs';
import { MarginError } from '../base/pure/marginError';
import { FileCheck, type FileFinding } from '../pairs/fileCheck';
import type { Message, Pair } from '../pairs/pair';
import type { PairResult } from '../pairs/readPair';
import { LineTally, ReasonTally } from './lineTally';
import { rowProblem, sentenceOf, type RowProblem } from './rowError';
import { rowErrors } from './rowErrors';
import { RowWriter, type RowStore } from './rowStore';
import type { TokenizeOptions } from './tokenizePair';
import { weightOf } from './weight';

export type PromptChoice = (prompt: readonly Message[]) => boolean;

export interface LoadOptions extends TokenizeOptions {
  /** Rows of other prompts are passed over in silence; all are wanted if left out. */
  readonly wants?: PromptChoice;
  /** Reads a row's `weight`, which TRL knows nothing of. */
  readonly weights?: boolean;
  /** How many prompts to keep as text; 0 if left out. */
  readonly prompts?: number;
  /** Where token ids lie meanwhile; the system's temporary folder if left out. */
  readonly scratch?: string;
  /** Told of each row that is kept, in the file's order. */
  readonly onRow?: (row: { readonly line: number; readonly key: string; readonly prompt: readonly Message[] }) => void;
  /** Told the lines read each time that a stretch of the file is done; what it throws ends the loading. */
  readonly onProgress?: (lines: number) => Promise<void>;
}

/** A file's rows as a model sees them, and what happened to the others. */
export interface LoadedPairs {
  /** To be closed when nothing reads them any more. */
  readonly rows: RowStore;
  /**
   * The first prompts that differ, as many as were asked for: the last turn of the user, and the ids of the whole
   * prompt.
   */
  readonly prompts: ReadonlyMap<string, readonly number[]>;
  /** Lines that hold no row, and why. */
  readonly unusable: ReasonTally;
  /** Rows that the model's template or tokenizer does not take, and why. */
  readonly refused: ReasonTally;
  /** Lines whose prompt alone fills `max_length`. */
  readonly tooLong: LineTally;
  /** Answers that lost their end to `max_length`. */
  readonly truncated: LineTally;
  /** Answers whose prompt tokenises differently with them. */
  readonly mismatched: LineTally;
  /** Pairs whose two answers are the same tokens, and which therefore teach nothing. */
  readonly sameTokens: LineTally;
  /** What the whole file shows beside rows that are left out, such as keys that are not read. */
  readonly findings: readonly FileFinding[];
  /** Rows with a weight that is not 1. */
  readonly weighted: LineTally;
  /** Judged answers that are good ones. */
  readonly desirable: number;
}

/** What is loaded, as it stands in the file. */
export interface FoundRow {
  readonly line: number;
  readonly source: Pair;
  readonly training: TokenizedPair;
}

/** Between two turns of the event loop; about a tenth of a second's worth of tokenising. */
const stretchCharacters = 1 << 16;

/** Goes through a file and gathers its rows. Holds nothing of a row that was kept. */
export class RowCollector {
  readonly tooLong = new LineTally();
  readonly sameTokens = new LineTally();
  readonly truncated = new LineTally();
  readonly mismatched = new LineTally();
  private readonly unusable = new ReasonTally();
  private readonly refused = new ReasonTally();
  private readonly fileCheck = new FileCheck();
  private readonly weighted = new LineTally();
  private readonly prompts = new Map<string, readonly number[]>();
  private desirable = 0;
  private kept = 0;

  private constructor(
    private readonly file: string,
    private readonly what: string,
    private readonly options: LoadOptions,
    private readonly writer: RowWriter,
  ) {}

  /**
   * @param what what a row of the file is called
   * @param gather goes through {@link lines} and keeps or leaves out each
   * @throws MarginError `no-usable-pairs` | `all-too-long`, what `gather` and `onProgress` throw, and those of reading
   *   and writing
   */
  static async collect(
    file: string,
    what: string,
    options: LoadOptions,
    gather: (collector: RowCollector) => Promise<void>,
  ): Promise<LoadedPairs> {
    const writer = await RowWriter.open(options.scratch ?? tmpdir());
    try {
      const collector = new RowCollector(file, what, options, writer);
      await gather(collector);
      return await collector.finish();
    } catch (error) {
      await writer.discard();
      throw error;
    }
  }

  /** The file's rows that no check finds an error in; the others are left out. */
  async *rows(): AsyncGenerator<ReadRow> {
    let characters = 0;
    for await (const row of readPairs(this.file)) {
      const [error] = row.result.kind === 'blank' ? [] : this.check(row.line, row.result);
      if (error) this.leaveOut(row.line, sentenceOf(error));
      else if (row.result.kind !== 'blank') yield row;
      characters += row.text.length;
      if (characters < stretchCharacters) continue;
      characters = 0;
      // Tokenising leaves the event loop no turn, in which heartbeats and signals are heard.
      await turn();
      await this.options.onProgress?.(row.line);
    }
  }

  /** The row's errors; what the file shows is gathered on the way. */
  private check(line: number, result: PairResult): readonly RowProblem[] {
    const errors = rowErrors(result);
    // A row that the checks themselves fail on has that as its error.
    if (errors.length === 0) this.fileCheck.line(line, result);
    return errors;
  }

  leaveOut(line: number, reason: string): void {
    this.unusable.addFor(line, reason);
  }

  /**
   * What `work` makes of a row; null where it throws, and the row is left out for that reason. Errors of the whole
   * model pass on.
   */
  attempt<T>(line: number, work: () => T): T | null {
    try {
      return work();
    } catch (error) {
      this.refused.addFor(line, sentenceOf(rowProblem(error)));
      return null;
    }
  }

  /** The row's own weight, where such are read. */
  weight({ result }: ReadRow): { readonly weight?: number } {
    return this.options.weights && (result.kind === 'pair' || result.kind === 'judged') ? weightOf(result.value) : {};
  }

  async keep({ line, source, training }: FoundRow): Promise<void> {
    const { weight = 1, desirable, prompt } = training;
    const key = this.attempt(line, () => pairKey(source));
    if (key === null) return;
    await this.writer.append({ line, key, training });
    this.kept++;
    this.options.onRow?.({ line, key, prompt: source.prompt });
    this.weighted.add(line, weight === 1 ? 0 : 1);
    if (desirable === true) this.desirable++;
    // Without a token there is nothing to go on from.
    if (this.prompts.size === (this.options.prompts ?? 0) || prompt.length === 0) return;
    const text = lastUserTurn(source);
    if (!this.prompts.has(text)) this.prompts.set(text, prompt);
  }

  private reasonsInWords(): string {
    const reasons = [...this.unusable.reasons, ...this.refused.reasons].slice(0, shownReasons);
    const told = reasons.map(([reason, { first, lines }]) => {
      const others = lines > 1 ? ` (${lines} rows)` : '';
      return `${this.file}:${first[0]}: ${reason}${others}`;
    });
    return told.join(' ');
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
    const findings = this.fileCheck
      .finish()
      .filter(({ severity, code }) => severity === 'warning' || code === 'one-label');
    const { unusable, refused, truncated, mismatched, sameTokens, weighted, prompts, desirable } = this;
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
      weighted,
      desirable,
    };
  }
}

/** Reasons that an error names; `margin check` names all. */
const shownReasons = 3;

function lastUserTurn({ prompt }: Pair): string {
  const turn = prompt.findLast(({ role }) => role === 'user') ?? prompt.at(-1);
  return turn?.content ?? '';
}
