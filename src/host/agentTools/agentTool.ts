import type { ToolName } from './toolNames';

/** What a tool asks of the extension. Paths are checked: each lies within the workspace. */
export interface ToolWork {
  /** The real path of a file or folder that exists. */
  readonly path: (given: string) => Promise<string>;
  /** The path of a file that is going to be written. */
  readonly newPath: (given: string) => Promise<string>;
  /** The folder of a run, or a file of rewards: a path, or the name of a run. */
  readonly run: (given: string) => Promise<string>;
  /** The folders of all runs that have scored the pairs of a file. */
  readonly runsOf: (file: string) => Promise<readonly string[]>;
  /** The options of `margin` that say how the editor reads the rows of a file. */
  readonly readingOf: (file: string) => readonly string[];
  /**
   * Runs `margin ARGUMENTS` in its own process, and gives each line of its stdout.
   *
   * @returns the lines of its stderr that are JSON
   * @throws MarginError `tool-failed` with the command's message
   */
  readonly margin: (argv: readonly string[], onLine: (line: string) => void) => Promise<readonly unknown[]>;
  /** Most characters that the result should have as JSON. */
  readonly mostCharacters: number;
}

/** A question to a person before a tool writes. */
export interface Confirmation {
  readonly title: string;
  readonly message: string;
}

/** A tool for chat agents. `package.json` declares it with the schema of its input. */
export interface AgentTool<Input> {
  readonly name: ToolName;
  /** What a chat shows while it works. */
  readonly doing: (input: Input) => string;
  /** Null: it only reads. */
  readonly confirm: (input: Input) => Confirmation | null;
  /** @returns the result, which becomes JSON */
  readonly invoke: (input: Input, work: ToolWork) => Promise<unknown>;
}
