/**
 * How the rows of a file are read. It is plain data: settings, messages and threads can carry it.
 */
export interface Reading {
  /** Id of the format that all rows are read in; null: the format of each row is detected. */
  readonly format: string | null;
}

/** Detects the format of each row. */
export const detectAll: Reading = { format: null };
