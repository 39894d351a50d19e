import type { Message, Pair } from './pair';
import type { PairResult } from './readPair';

/** A row of one answer judged good or bad: TRL's unpaired preference, `{"prompt", "completion", "label"}`. */
export interface JudgedAnswer {
  readonly style: 'chat' | 'plain';
  readonly prompt: readonly Message[];
  readonly completion: readonly Message[];
  readonly label: boolean;
  /** JSON schemas of tools, handed to the chat template unchanged. */
  readonly tools?: readonly unknown[];
}

/** The judged answer of a row; else a sentence why there is none. */
export function judgedOf(result: PairResult): JudgedAnswer | string {
  if (result.kind === 'judged') return result.answer;
  if (result.kind !== 'pair') return result.reason;
  return 'The row is a pair; trainer "kto" takes single answers: prompt, completion and label. Pairs train with trainer "dpo".';
}

/** The answer as a pair whose other side is empty: what scoring and names of content go by. */
export function pairOfJudged({ style, prompt, completion, label, tools }: JudgedAnswer): Pair {
  return {
    style,
    prompt,
    chosen: label ? completion : [],
    rejected: label ? [] : completion,
    ...(tools ? { tools } : {}),
  };
}
