import type { RowTokens } from '../../pairs/tokens/rowTokens';
import type { TokenRow } from '../../pairs/tokens/tokenRow';
import type { TrainConfig } from '../../run/types';

/** A question to the tokens program. It names a config; the tokenizers of the last few configs stay open. */
export type TokenQuestion = { readonly config: TrainConfig } & (
  | { readonly kind: 'row'; readonly text: string; readonly pair: number }
  | { readonly kind: 'rows'; readonly texts: readonly string[] }
);

/** The answer to a question. For `row`, null if the line is blank. */
export type TokenFound = TokenRow | null | readonly RowTokens[];

export interface TokenRequest {
  readonly id: number;
  readonly asked: TokenQuestion;
}

/** The answer to a request: what was found, or an error. `code` null: a defect. */
export type TokenReply =
  | { readonly id: number; readonly found: TokenFound }
  | { readonly id: number; readonly code: string | null; readonly message: string };
