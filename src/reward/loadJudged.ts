import { must } from '../base/pure/must';
import type { TextTokenizer } from '../model/tokenizer';
import type { ReadRow } from '../jsonl/node/readPairs';
import { judgedOf, pairOfJudged, type JudgedAnswer } from '../pairs/judged';
import { RowQueue } from './rowQueue';
import { RowCollector, type TokenizedRow, type LoadedPairs, type LoadOptions } from './rowCollector';
import { tokenizeJudged, type JudgedTokens } from './tokenizePair';

export interface JudgedOptions extends LoadOptions {
  /**
   * Rows per micro-batch, if the KL estimate needs a mismatched answer for each row. That is the answer of the previous
   * row of the micro-batch; the first row gets the last one's. null: rows have no mismatched answer.
   */
  readonly mismatchIn: number | null;
}

interface Answer {
  readonly line: number;
  readonly source: JudgedAnswer;
  readonly prompt: readonly number[];
  /** Not truncated: how much of it fits depends on the prompt before it. */
  readonly answer: readonly number[];
  readonly weight?: number;
}

/**
 * Reads and tokenises all judged answers of a file, as {@link loadPairs} does with pairs. A judged answer is scored as
 * a pair with one empty side, so its margin is its reward for a good answer and the negative reward for a bad one.
 *
 * @throws MarginError the errors of {@link loadPairs}
 */
export async function loadJudged(file: string, tokenizer: TextTokenizer, options: JudgedOptions): Promise<LoadedPairs> {
  const { maxLength, mismatchIn } = options;
  // null: no limit.
  const limit = maxLength ?? Number.POSITIVE_INFINITY;
  const loaded = await RowCollector.collect(file, 'judged answer', options, async (collector) => {
    const batch = new AnswerBatch(collector, mismatchIn, limit);
    const queue = new RowQueue(collector, tokenizer.limit);
    for await (const row of collector.rows()) {
      const { line, text, result } = row;
      const source = judgedOf(result);
      if (typeof source === 'string') {
        collector.leaveOut(line, source);
        continue;
      }
      if (options.wants?.(source.prompt) === false) continue;
      const tokenize = (): (() => Promise<void>) => {
        const tokens = tokenizeJudged(source, tokenizer, options);
        return () => batch.add(row, source, tokens);
      };
      await queue.add(text.length, { line, tokenize });
    }
    await queue.finish();
    await batch.keep();
  });
  // Lists are left out, so no rule makes pairs from them.
  return { ...loaded, findings: loaded.findings.filter(({ code }) => code !== 'pair-rule') };
}

/** Collects answers and stores them batch by batch, because a row takes its mismatched answer from its own batch. */
class AnswerBatch {
  private answers: Answer[] = [];

  constructor(
    private readonly collector: RowCollector,
    private readonly mismatchIn: number | null,
    private readonly limit: number,
  ) {}

  async add(row: ReadRow, source: JudgedAnswer, { prompt, kept, lost, mismatched }: JudgedTokens): Promise<void> {
    const { answers, collector } = this;
    collector.mismatched.add(row.line, mismatched ? 1 : 0);
    if (kept === null) return collector.tooLong.add(row.line);
    collector.truncated.add(row.line, lost.length > 0 ? 1 : 0);
    answers.push({ line: row.line, source, prompt, answer: [...kept, ...lost], ...collector.weight(row) });
    if (answers.length === (this.mismatchIn ?? 1)) await this.keep();
  }

  async keep(): Promise<void> {
    for (const [i, answer] of this.answers.entries()) {
      const before = must(this.answers.at(i - 1), 'the answer before in the batch');
      await this.collector.keep(tokenizedRow(answer, this.mismatchIn === null ? [] : before.answer, this.limit));
    }
    this.answers = [];
  }
}

/**
 * @param other the mismatched answer: trl 1.16 `kto_trainer.py`, add_kl_completion_ids, rotates the answers of a batch
 *   by one, in the order of the file
 * @param limit tokens of prompt and answer together
 */
function tokenizedRow(
  { line, source, prompt, answer, ...weight }: Answer,
  other: readonly number[],
  limit: number,
): TokenizedRow {
  const cut = (ids: readonly number[]): readonly number[] => ids.slice(0, limit - prompt.length);
  return {
    line,
    source: pairOfJudged(source),
    training: { prompt, chosen: cut(answer), rejected: cut(other), desirable: source.label, ...weight },
  };
}
