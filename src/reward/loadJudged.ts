import type { TextTokenizer } from '../model/tokenizer';
import { judgedOf, pairOfJudged, type JudgedAnswer } from '../pairs/judged';
import { RowCollector, type FoundRow, type LoadedPairs, type LoadOptions } from './rowCollector';
import { tokenizeJudged } from './tokenizePair';

export interface JudgedOptions extends LoadOptions {
  /**
   * Rows of a micro-batch, if each row is to have the answer of the row before it in its batch, the first one the
   * last's; else null.
   */
  readonly mismatchIn: number | null;
}

interface Answer {
  readonly line: number;
  readonly source: JudgedAnswer;
  readonly prompt: readonly number[];
  /** Uncut: beside another prompt another part of it fits. */
  readonly answer: readonly number[];
  readonly weight?: number;
}

/**
 * Reads and tokenises every judged answer of a file, as {@link loadPairs} does pairs. A row is scored as a pair whose
 * other side is empty, so that its margin is its reward, negative for a bad answer.
 *
 * @throws MarginError as {@link loadPairs}
 */
export async function loadJudged(file: string, tokenizer: TextTokenizer, options: JudgedOptions): Promise<LoadedPairs> {
  const { maxLength, mismatchIn } = options;
  const limit = maxLength ?? Number.POSITIVE_INFINITY;
  return RowCollector.collect(file, 'judged answer', options, async (collector) => {
    let batch: Answer[] = [];
    const keepBatch = async (): Promise<void> => {
      for (const [i, answer] of batch.entries())
        await collector.keep(foundRow(answer, mismatchIn === null ? [] : (batch.at(i - 1)?.answer ?? []), limit));
      batch = [];
    };
    for await (const row of collector.rows()) {
      const { line, result } = row;
      const source = judgedOf(result);
      if (typeof source === 'string') {
        collector.leaveOut(line, source);
        continue;
      }
      if (options.wants?.(source.prompt) === false) continue;
      const tokens = collector.attempt(line, () => tokenizeJudged(source, tokenizer, options));
      if (tokens === null) continue;
      const { prompt, kept, lost, mismatched } = tokens;
      collector.mismatched.add(line, mismatched ? 1 : 0);
      if (kept === null) {
        collector.tooLong.add(line);
        continue;
      }
      collector.truncated.add(line, lost.length > 0 ? 1 : 0);
      batch.push({ line, source, prompt, answer: [...kept, ...lost], ...collector.weight(row) });
      if (batch.length === (mismatchIn ?? 1)) await keepBatch();
    }
    await keepBatch();
  });
}

/**
 * @param other the answer before in the batch, of the first the last: trl 1.16 `kto_trainer.py`, add_kl_completion_ids,
 * turns by one within batches of rows in the file's order
 */
function foundRow(
  { line, source, prompt, answer, ...weight }: Answer,
  other: readonly number[],
  limit: number,
): FoundRow {
  const cut = (ids: readonly number[]): readonly number[] => ids.slice(0, limit - prompt.length);
  return {
    line,
    source: pairOfJudged(source),
    training: { prompt, chosen: cut(answer), rejected: cut(other), desirable: source.label, ...weight },
  };
}
