export interface WriteRowsOptions {
  readonly signal?: AbortSignal;
  /** Called now and then with the number of rows written. */
  readonly onProgress?: (rows: number) => void;
}

/** Rows between two calls of `onProgress`. */
const progressRows = 1000;

/** Counts rows for {@link WriteRowsOptions}. */
export class RowCounter {
  rows = 0;

  constructor(private readonly options: WriteRowsOptions) {}

  /** Call this before each row. @throws the signal's reason if aborted */
  next(): void {
    this.options.signal?.throwIfAborted();
    if (this.rows % progressRows === 0) this.options.onProgress?.(this.rows);
    this.rows++;
  }
}
