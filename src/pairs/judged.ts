import type { Message, Pair } from './pair';
import type { PairResult } from './readPair';

/**
 * A row with one answer that was judged good or bad: TRL's unpaired preference, `{"prompt", "completion", "label"}`
 * (TRL, "Dataset formats and types").
 */
export interface JudgedAnswer {
  readonly style: 'chat' | 'plain';
  readonly prompt: readonly Message[];
  readonly completion: readonly Message[];
  /** True for a good answer. */
  readonly label: boolean;
  /** JSON schemas of tools; the chat template gets them unchanged. */
  readonly tools?: readonly unknown[];
  /** The row's `weight`, which multiplies its loss; 1 if left out. */
  readonly weight?: number;
}

/** The judged answer of a row, or a sentence that says why the row has none. */
export function judgedOf(result: PairResult): JudgedAnswer | string {
  if (result.kind === 'judged') return result.answer;
  if (result.kind === 'list')
    return 'The row is a list of answers; trainer "kto" takes single answers: prompt, completion and label. "margin convert --to kto" writes the answers of its pairs as such rows.';
  if (result.kind !== 'pair') return result.reason;
  return 'The row is a pair; trainer "kto" takes single answers: prompt, completion and label. Pairs train with trainer "dpo".';
}

/**
 * A judged answer as a pair whose other side is empty: `chosen` has the completion if the label is good, else
 * `rejected`. Scoring and `pairKey` work on pairs.
 */
export function pairOfJudged({ style, prompt, completion, label, tools }: JudgedAnswer): Pair {
  return {
    style,
    prompt,
    chosen: label ? completion : [],
    rejected: label ? [] : completion,
    ...(tools ? { tools } : {}),
  };
}
