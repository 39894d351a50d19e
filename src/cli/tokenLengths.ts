import { basename } from 'node:path';
import type { TextTokenizer } from '../model/tokenizer';
import { pairsIn } from '../pairs/pairsIn';
import type { PairResult } from '../pairs/readPair';
import type { TokenLengths } from '../pairs/statistics/others';
import { rowProblem } from '../reward/rowError';
import { tokenizeJudged, tokenizePair } from '../reward/tokenizePair';

const unlimited = { maxLength: null };

/** Counts the tokens of rows as the trainer of a model gets them. Of a list, its first pair counts. */
export class TokenLengthsOf {
  private readonly rows: number[] = [];
  private readonly sides = { prompt: [] as number[], chosen: [] as number[], rejected: [] as number[] };
  private refused = 0;

  /** @param model the path of the model, whose last part names it */
  constructor(
    private readonly model: string,
    private readonly tokenizer: TextTokenizer,
  ) {}

  /** Counts the tokens of a row. @throws MarginError `no-chat-template` | `no-eos-token`, which concern the model */
  add(row: number, result: PairResult): void {
    try {
      const counts = this.countsOf(result);
      if (counts === null) return;
      this.rows.push(row);
      this.sides.prompt.push(counts.prompt);
      this.sides.chosen.push(counts.chosen);
      this.sides.rejected.push(counts.rejected);
    } catch (error) {
      rowProblem(error);
      this.refused++;
    }
  }

  get lengths(): TokenLengths {
    const { rows, sides, refused } = this;
    return { model: basename(this.model), rows, ...sides, refused };
  }

  private countsOf(result: PairResult): { prompt: number; chosen: number; rejected: number } | null {
    if (result.kind === 'judged') {
      const { prompt, lost, kept } = tokenizeJudged(result.answer, this.tokenizer, unlimited);
      const answer = lost.length + (kept ?? []).length;
      const { label } = result.answer;
      const [chosen, rejected] = label ? [answer, Number.NaN] : [Number.NaN, answer];
      return { prompt: prompt.length, chosen, rejected };
    }
    const [pair] = pairsIn(result);
    if (!pair) return null;
    const { prompt, pair: kept, lost } = tokenizePair(pair, this.tokenizer, unlimited);
    return {
      prompt: prompt.length,
      chosen: lost.chosen.length + (kept ? kept.chosen.length : 0),
      rejected: lost.rejected.length + (kept ? kept.rejected.length : 0),
    };
  }
}
