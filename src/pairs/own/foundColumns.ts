import type { OwnColumns } from './ownColumns';

/** Columns that the file of another tool names. */
export interface FoundColumns {
  readonly columns: OwnColumns;
  /** Sentences about parts of the file that Margin does not use. */
  readonly notes: readonly string[];
}
