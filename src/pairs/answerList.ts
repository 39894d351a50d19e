import type { Message, PairStyle } from './pair';

/** One of the answers of an {@link AnswerList}. */
export interface RatedAnswer {
  /** Empty if the row has no text for it. */
  readonly turns: readonly Message[];
  /** Its score or rank; null if it has none. */
  readonly value: number | null;
  /** The model that wrote it; null if the row does not say. */
  readonly model: string | null;
}

/** A row with a prompt and several answers, each with a score or a rank. A {@link PairRule} makes pairs from it. */
export interface AnswerList {
  readonly style: PairStyle;
  readonly prompt: readonly Message[];
  /** In the order of the row. */
  readonly answers: readonly RatedAnswer[];
  /** The key that holds the answers. */
  readonly key: string;
  /** The row's own name of the values: `overall_score`, `rank`. */
  readonly measure: string;
  /** Whether the best answer has the highest value, as a score, or the lowest, as a rank. */
  readonly best: 'highest' | 'lowest';
  /** JSON schemas of tools; the chat template gets them unchanged. */
  readonly tools?: readonly unknown[];
  /** Multiplies the loss of each pair; see `Pair`. */
  readonly weight?: number;
}

/** An answer that can be compared: it has turns and a value. */
export interface ComparableAnswer extends RatedAnswer {
  readonly value: number;
  /** Its index in the row, from 0. */
  readonly index: number;
}

/** The answers that can be compared, best first. Equal ones keep the order of the row. */
export function bestFirst({ answers, best }: AnswerList): ComparableAnswer[] {
  const sign = best === 'highest' ? -1 : 1;
  return answers
    .flatMap(({ value, ...answer }, index) =>
      value === null || answer.turns.length === 0 ? [] : [{ ...answer, value, index }],
    )
    .sort((a, b) => sign * (a.value - b.value));
}
