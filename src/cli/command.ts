import type { Output } from './output';

/** What a command is given besides its arguments. */
export interface Surroundings {
  readonly output: Output;
  readonly cwd: string;
  /** The folder of `cli.js` and `trainer.js`. */
  readonly programs: string;
}

export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** The text of `--help`. */
  readonly help: string;
  /** Returns the exit code: 0 ok, 1 found problems or failed. Throws `UsageError` for 2. */
  run(argv: readonly string[], surroundings: Surroundings): Promise<number>;
}
