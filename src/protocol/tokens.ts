import type { DropReason } from '../pairs/tokens/rowTokens';
import type { TokenRow } from '../pairs/tokens/tokenRow';

/** The config that a person chose, which decides how the trainer reads rows. */
export interface TokenConfig {
  /** The name of a config or run, or of a model. */
  readonly label: string;
  /** The name of the model. */
  readonly model: string;
}

/** What the view of tokens shows of a row. */
export type TokenState =
  /** The workspace is not trusted: a model's template is code of its author. */
  | { readonly kind: 'untrusted' }
  /** No config is chosen. */
  | { readonly kind: 'none' }
  /** The config, its model or the row cannot be read. */
  | { readonly kind: 'failed'; readonly config: TokenConfig; readonly message: string }
  | { readonly kind: 'blank'; readonly config: TokenConfig }
  | { readonly kind: 'row'; readonly config: TokenConfig; readonly row: TokenRow };

/** A row as the trainer sees it. `pair`: if the row is a list, which of its pairs, from 0. */
export interface TokensRequest {
  readonly params: { readonly row: number; readonly pair: number };
  readonly result: TokenState;
}

/** What a button of the view of tokens does. */
export interface TokenAction {
  /** `choose` asks for another config; `trust` opens the settings of Workspace Trust. */
  readonly name: 'choose' | 'trust';
}

/** How many rows a trainer with the chosen config would cut or leave out. */
export interface TokenCounts {
  readonly rows: number;
  readonly cut: number;
  /** By reason, the most frequent first. */
  readonly dropped: readonly (readonly [reason: DropReason, rows: number])[];
}

/**
 * Counts rows in the background, with `tokenProgress` events; aborting the request ends it. `asked`: whether the person
 * asked for it. If not, only a short file is counted.
 */
export interface TokenCountsRequest {
  readonly params: { readonly asked: boolean };
  /** Null if it was not counted: the file is long, or no config is known. */
  readonly result: TokenCounts | null;
}
