import type { Side } from './pair';

/**
 * What is wrong with a row. `error`: it cannot be trained on, and everything that reads rows leaves it out;
 * `warning`: it can, but teaches nothing or the wrong thing; `info`: worth a look. `column` counts from 1, null
 * where the whole line is meant.
 */
export interface Problem {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly side: Side | null;
  /** The key of the line that is meant (`chosen`, `completion`, `question`), null where it is the whole line. */
  readonly field: string | null;
  readonly message: string;
  readonly column: number | null;
}

/** A problem of a whole line or of one key of it. */
export function problem(severity: Problem['severity'], code: string, field: string | null, message: string): Problem {
  const side = field === 'prompt' || field === 'chosen' || field === 'rejected' ? field : null;
  return { code, severity, side, field, message, column: null };
}
