import type { OwnColumns } from './ownColumns';

/** Columns that the file of another tool names. */
export interface FoundColumns {
  readonly columns: OwnColumns;
  /** What of the file Margin does not use, in sentences. */
  readonly notes: readonly string[];
}
