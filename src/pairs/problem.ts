import type { Side } from './pair';

/**
 * What is wrong with a row.
 *
 * - `error`: the row cannot be trained on, so training and scoring leave it out.
 * - `warning`: the row can be trained on, but teaches nothing or something wrong.
 * - `info`: worth a look.
 */
export interface Problem {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly side: Side | null;
  /** The key with the problem (`chosen`, `completion`, `question`); null for the whole line. */
  readonly field: string | null;
  readonly message: string;
  /** In UTF-16 units from 1; null for the whole line. */
  readonly column: number | null;
}

/** A problem of a line, or of one of its keys (`field`), without a column. */
export function problem(severity: Problem['severity'], code: string, field: string | null, message: string): Problem {
  const side = field === 'prompt' || field === 'chosen' || field === 'rejected' ? field : null;
  return { code, severity, side, field, message, column: null };
}

/** The problems of several checks in their order. Most checks find none, which costs least in this form. */
export function joined(...found: readonly (readonly Problem[])[]): readonly Problem[] {
  let all = noProblems;
  for (const some of found) if (some.length > 0) all = all.length === 0 ? some : [...all, ...some];
  return all;
}

const noProblems: readonly Problem[] = [];
