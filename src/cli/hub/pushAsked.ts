import type { PushPlan } from '../../hub/push';
import type { Repo } from '../../hub/repo';
import type { Arguments } from '../args';

/** A plan with the text of its card, which is one of its files. */
export interface CardedPlan extends PushPlan {
  readonly card: string;
}

/** What a push of either kind gets. */
export interface PushAsked {
  /** A run, checkpoint or file, as the person named it. */
  readonly source: string;
  readonly repo: Repo;
  readonly args: Arguments;
  readonly licence: string | null;
  readonly signal: AbortSignal;
}
