import type { DropReason } from './rowTokens';

/** The text that a token adds. A special token, such as `<|im_end|>`, is an object. */
export type TokenText = string | { readonly special: string };

/** Some tokens in a row. Of many, only the first and the last are here. */
export interface TokenRun {
  readonly count: number;
  readonly start: readonly TokenText[];
  /** Empty if `start` has all. */
  readonly end: readonly TokenText[];
}

export interface TokenAnswer {
  readonly side: 'chosen' | 'rejected' | 'completion';
  /** The tokens that are trained. */
  readonly kept: TokenRun;
  /** The tokens that `max_length` cuts from the end. */
  readonly cut: TokenRun;
  /** Whether the token that ends an answer is among those that are cut. */
  readonly losesEos: boolean;
  /** Whether the prompt has other tokens alone than before this answer. Then the answer starts where the two differ. */
  readonly mismatched: boolean;
}

/** A row as the trainer of a config reads it. */
export interface TokenRow {
  /** Which pair of a list this is, from 0, and how many it has; 0 of 1 for other rows. */
  readonly pair: number;
  readonly pairs: number;
  /** Tokens of prompt and answer that the trainer takes. */
  readonly maxLength: number;
  /** These tokens are masked: no loss is computed on them. */
  readonly prompt: TokenRun;
  /** None if the row cannot be tokenised. */
  readonly answers: readonly TokenAnswer[];
  /** The length of the common start of both kept answers. */
  readonly shared: number;
  /** The factor of its loss. */
  readonly weight: number;
  /** Whether its marks exchange its answers. */
  readonly swapped: boolean;
  /** The `test_split_size` that holds it out: it is evaluated, and not trained on. Null if none does. */
  readonly heldBy: number | null;
  /** Why the row is left out, in a word and in a sentence; null if it is trained on. */
  readonly dropped: { readonly reason: DropReason; readonly why: string } | null;
}
