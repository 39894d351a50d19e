/** A row of the first optimizer step, with the tokens that the trainer sees. A judged answer has one side only. */
export interface FirstRow {
  /** Index in the file, from 0. */
  readonly row: number;
  /** From 1. */
  readonly line: number;
  readonly prompt: number;
  readonly chosen: number;
  readonly rejected: number;
}
