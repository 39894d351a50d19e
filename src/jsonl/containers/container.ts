import type { ElementLayout } from '../elementScanner';

/** Bytes of a delimiter between the cells of a CSV file: comma, semicolon or tab. */
export type Delimiter = ',' | ';' | '\t';

/**
 * How the rows of a file are stored, as its first bytes show. The inside of `gzip`, `zstd` and UTF-16 is again one of
 * the others.
 */
export type Container = Inside | { readonly kind: Packing | Utf16 };

/** How rows are stored once what is around them is taken off. */
export type Inside =
  { readonly kind: 'lines' | ElementLayout | 'parquet' } | { readonly kind: 'csv'; readonly delimiter: Delimiter };

export type Packing = 'gzip' | 'zstd';
export type Utf16 = 'utf-16le' | 'utf-16be';
