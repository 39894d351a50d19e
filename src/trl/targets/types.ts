/** The kinds of targets besides this machine, which has the name `local`. */
export const targetKinds = ['ssh', 'slurm', 'hf-jobs', 'kubernetes'] as const;
export type TargetKind = (typeof targetKinds)[number];

/** Where a job of a target is. `gone`: the target does not know it any more. */
export const jobPhases = ['waiting', 'running', 'done', 'failed', 'cancelled', 'gone'] as const;
export type JobPhase = (typeof jobPhases)[number];

/** A program and its arguments, with placeholders such as `{run}`. No shell reads it. */
export type CommandTemplate = readonly string[];

/**
 * How a run gets to a target and back: the content of a file of `media/targets`, each part of which a target in
 * `.margin/targets.json` can replace. `template.ts` says what the placeholders are.
 */
export interface Template {
  readonly name: string;
  readonly kind: TargetKind;
  /** Whether it was tried against the real service. */
  readonly tested: boolean;
  /** One sentence. */
  readonly about: string;
  /** Programs that must be on the PATH. */
  readonly needs: readonly string[];
  /** Each setting with its default. */
  readonly settings: Readonly<Record<string, string>>;
  /** Settings that must not be empty. `model` is the folder of the model at the target. */
  readonly required: readonly string[];
  /** The run folder as the job sees it. */
  readonly folder: string;
  /** Files that are written into `RUN/trl`, by name: their lines. */
  readonly files: Readonly<Record<string, readonly string[]>>;
  /** Commands that bring the run folder to the target; empty if its machines share the disk. */
  readonly send: readonly CommandTemplate[];
  readonly submit: CommandTemplate;
  /** A regular expression: its group is the id of the job in what `submit` prints. */
  readonly job: string;
  readonly status: CommandTemplate;
  /** A regular expression: its group is the target's word for the phase in what `status` prints. */
  readonly phase: string;
  /** A text in the error message of `status` which says that the job is unknown. */
  readonly gone: string;
  /** The phase that each word means. */
  readonly phases: Readonly<Record<string, JobPhase>>;
  /** Commands that bring the run folder up to date; empty if the disk is shared. */
  readonly fetch: readonly CommandTemplate[];
  /** Commands that bring control.json to the job; empty if the disk is shared. */
  readonly control: readonly CommandTemplate[];
  readonly cancel: CommandTemplate;
  /** How several runs go as one job; null: one by one. */
  readonly array: ArrayTemplate | null;
  /** Seconds between two looks at the job. */
  readonly poll: number;
}

export interface ArrayTemplate {
  readonly files: Template['files'];
  readonly submit: CommandTemplate;
  /** The id of one of its runs. */
  readonly job: string;
  /** Asks about all its runs at once. */
  readonly status: CommandTemplate;
  /** A regular expression for a line that `status` prints. Its groups: the index of a run, the word for its phase. */
  readonly task: string;
  /** Ends its runs that wait. */
  readonly cancel: CommandTemplate;
}

/** A place where runs can go: a template and its settings. */
export interface Target {
  readonly name: string;
  readonly kind: TargetKind;
  readonly settings: Readonly<Record<string, string>>;
  readonly template: Template;
}

/** What a target starts, in `RUN/trl`. */
export interface TargetJob {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly nodes: number;
}

/** The content of `RUN/target.json`: all that is needed to find the job again. */
export interface TargetHandle {
  readonly version: number;
  readonly target: Target;
  /** Id of the job at the target; null: it is being submitted. */
  readonly job: string | null;
  /** Id of the array that the job is one of; null: it is a job of its own. */
  readonly array: string | null;
  /** Milliseconds since 1970. */
  readonly submitted: number;
  readonly phase: JobPhase;
  /** The target's own word for the phase; empty before the first look. */
  readonly word: string;
  /** Whether somebody asked to cancel it. */
  readonly cancelled: boolean;
}
