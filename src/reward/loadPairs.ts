import type { TextTokenizer } from '../model/tokenizer';
import { pairOfJudged, type JudgedAnswer } from '../pairs/judged';
import type { ReadRow } from '../jsonl/node/readPairs';
import type { Pair } from '../pairs/pair';
import { pairsIn, whyNoPairs } from '../pairs/pairsIn';
import { RowQueue } from './rowQueue';
import { RowCollector, type TokenizedRow, type LoadedPairs, type LoadOptions } from './rowCollector';
import type { MarkedPair } from './rowMarks';
import { sameIds } from './sameTokens';
import { answerSides, tokenizeJudged, tokenizePair, type JudgedTokens, type TokenizeResult } from './tokenizePair';

export interface PairOptions extends LoadOptions {
  /** Also loads judged answers, each as a pair with one empty side. False if left out: judged answers are left out. */
  readonly judged?: boolean;
  /** Also loads ties, to score them. False if left out: ties are left out and counted, because no answer is better. */
  readonly ties?: boolean;
}

type Training = TokenizedRow['training'];

/**
 * Reads and tokenises all pairs of a file. Leaves out rows that cannot be used, whatever error they cause, and counts
 * them.
 *
 * @throws MarginError `no-usable-pairs` | `all-too-long` for the file, `no-chat-template` | `no-eos-token` for the
 *   model, and the errors of reading
 */
export async function loadPairs(file: string, tokenizer: TextTokenizer, options: PairOptions): Promise<LoadedPairs> {
  return RowCollector.collect(file, options.judged ? 'pair or judged answer' : 'pair', options, async (collector) => {
    const queue = new RowQueue(collector, tokenizer.limit);
    const tokens = new RowTokenizer(collector, queue, tokenizer, options);
    for await (const row of collector.rows()) {
      if (row.result.kind === 'judged' && options.judged) await tokens.judged(row, row.result.answer);
      else await tokens.pairs(row);
    }
    await queue.finish();
  });
}

const factor = (weight: number): Pick<Training, 'weight'> => (weight === 1 ? {} : { weight });
const unmarked = (pair: Pair): MarkedPair => ({ pair, weight: null });

/** Tokenises rows, counts what `max_length` cuts, and keeps the rows that remain. */
class RowTokenizer {
  constructor(
    private readonly collector: RowCollector,
    private readonly queue: RowQueue,
    private readonly tokenizer: TextTokenizer,
    private readonly options: PairOptions,
  ) {}

  /** The pairs of a row: its own, or those made of its list. */
  async pairs(row: ReadRow): Promise<void> {
    const { collector } = this;
    const reason = whyNoPairs(row.result);
    if (reason !== null) return collector.leaveOut(row.line, reason);
    for (const pair of pairsIn(row.result)) await this.pair(row, pair);
  }

  private async pair(row: ReadRow, found: Pair): Promise<void> {
    const { collector, tokenizer, options } = this;
    const { line, text } = row;
    if (options.wants?.(found.prompt) === false) return;
    if (found.tie && !options.ties) return collector.ties.add(line);
    // People judge rows of one pair; the pairs that a rule makes of a list have no marks.
    const marked = options.marks && row.result.kind === 'pair' ? options.marks.apply(line, found) : unmarked(found);
    if (marked === null) return;
    const { pair: source } = marked;
    const weight = marked.weight === null ? collector.weight(row) : factor(marked.weight);
    const tokenize = (): (() => Promise<void>) => {
      const tokens = tokenizePair(source, tokenizer, options);
      return () => this.keepPair(line, source, weight, tokens);
    };
    await this.queue.add(text.length, { line, tokenize });
  }

  private async keepPair(
    line: number,
    source: Pair,
    weight: Pick<Training, 'weight'>,
    { pair, lost, mismatched }: TokenizeResult,
  ): Promise<void> {
    const { collector } = this;
    collector.truncated.add(line, pair ? answerSides.filter((side) => lost[side].length > 0).length : 0);
    collector.mismatched.add(line, answerSides.filter((side) => mismatched[side]).length);
    if (pair && sameIds(pair.chosen, pair.rejected)) collector.sameTokens.add(line);
    if (pair) await collector.keep({ line, source, training: { ...pair, ...weight } });
    else collector.tooLong.add(line);
  }

  async judged({ line, text }: ReadRow, answer: JudgedAnswer): Promise<void> {
    const { tokenizer, options } = this;
    if (options.wants?.(answer.prompt) === false) return;
    const tokenize = (): (() => Promise<void>) => {
      const tokens = tokenizeJudged(answer, tokenizer, options);
      return () => this.keepJudged(line, answer, tokens);
    };
    await this.queue.add(text.length, { line, tokenize });
  }

  private async keepJudged(
    line: number,
    answer: JudgedAnswer,
    { prompt, kept, lost, mismatched }: JudgedTokens,
  ): Promise<void> {
    const { collector } = this;
    collector.mismatched.add(line, mismatched ? 1 : 0);
    collector.truncated.add(line, kept !== null && lost.length > 0 ? 1 : 0);
    if (kept === null) return collector.tooLong.add(line);
    const training = { prompt, chosen: kept, rejected: [], desirable: answer.label };
    await collector.keep({ line, source: pairOfJudged(answer), training });
  }
}
