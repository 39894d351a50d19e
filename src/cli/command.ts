import type { Output } from './output';

/** What a command gets besides its arguments. */
export interface Surroundings {
  readonly output: Output;
  readonly cwd: string;
  /** The folder of `cli.js`, `trainer.js` and `checkLines.js`. */
  readonly programs: string;
}

export interface Command {
  /** One line for the list of commands, which starts with a verb. */
  readonly summary: string;
  /** The text of `--help`. */
  readonly help: string;
  /** Returns the exit code: 0 success, 1 problems found or failed. Throws `UsageError` for 2. */
  run(argv: readonly string[], surroundings: Surroundings): Promise<number>;
}
