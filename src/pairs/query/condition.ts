/** A part of a row that a measure or a text condition looks at. */
export type Target =
  /** A side of the pair, or its system turns. */
  | { readonly kind: 'side'; readonly side: QuerySide }
  /** The value at a path of keys. */
  | { readonly kind: 'path'; readonly keys: readonly string[] };

/** The parts of a pair that a query names. `system` is also a part of `prompt`. */
export const querySides = ['prompt', 'chosen', 'rejected', 'system'] as const;
export type QuerySide = (typeof querySides)[number];

/** A number of a row, computed from others. A row that lacks one of the numbers has no result. */
export type Sum =
  | { readonly kind: 'number'; readonly value: number }
  /** A field of the type `number`; with a target for `len(chosen)`. */
  | { readonly kind: 'measure'; readonly field: string; readonly of: Target | null }
  /** The number at a path of keys. */
  | { readonly kind: 'value'; readonly keys: readonly string[] }
  | { readonly kind: 'minus'; readonly part: Sum }
  | { readonly kind: 'arithmetic'; readonly sign: Sign; readonly left: Sum; readonly right: Sum };

export type Sign = '+' | '-' | '*' | '/';
export type Comparison = '<' | '<=' | '>' | '>=' | '=' | '!=';

/** What a text must be. Upper and lower case are equal, except in a pattern without the flag `i`. */
export type TextTest =
  | { readonly kind: 'contains'; readonly text: string }
  | { readonly kind: 'is'; readonly text: string }
  /** Its first words, see `startTest`. */
  | { readonly kind: 'begins'; readonly text: string }
  | { readonly kind: 'matches'; readonly pattern: string; readonly flags: string }
  /** The row has no such text. */
  | { readonly kind: 'none' };

/** A condition on a row. */
export type Condition =
  /** All parts are met. Without parts, each row meets it. */
  | { readonly kind: 'and'; readonly parts: readonly Condition[] }
  | { readonly kind: 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  /** The text of the row contains a word, which is in lower case. */
  | { readonly kind: 'word'; readonly word: string }
  /** One of the texts of the row matches a pattern. */
  | { readonly kind: 'pattern'; readonly pattern: string; readonly flags: string }
  /** A text of a field passes one of the tests. */
  | { readonly kind: 'text'; readonly of: TextSource; readonly tests: readonly TextTest[] }
  | { readonly kind: 'compare'; readonly left: Sum; readonly sign: Comparison; readonly right: Sum };

/** Where the texts of a condition come from. */
export type TextSource =
  | Target
  | { readonly kind: 'field'; readonly field: string }
  /** The first text of a part. */
  | { readonly kind: 'start'; readonly of: Target };

/** The condition that each row meets. */
export const everyRow: Condition = { kind: 'and', parts: [] };
