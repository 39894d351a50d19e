import type { EstimateState } from '../../protocol/trainForm';
import type { Estimate } from '../../train/estimate/types';
import { localTarget } from '../../trl/knownTargets';

/** The result of `margin train CONFIG --dry_run --json`, as sentences. */
export type EstimateText = Pick<Estimate, 'fits'> & { readonly summary: string; readonly problems: readonly string[] };

/** An estimate before the start of a run. */
export interface StartEstimate extends EstimateText {
  /** Where the run trains, as in "does not fit on". */
  readonly place: string;
  /** What is not known, a sentence each; null: all is measured. */
  readonly unknown: readonly string[] | null;
}

/** The estimate of a run of TRL as a question needs it; `unknown` if there is none. */
export function onTarget(state: EstimateState): StartEstimate | 'unknown' {
  if (state.kind !== 'target') return 'unknown';
  const { target, fits, summary, unknown } = state.needs;
  const sentences = unknown.map(({ what, why }) => `Not known: ${what === 'fit' ? 'whether it fits' : what}. ${why}`);
  const place = target === localTarget ? 'this machine' : target;
  return { fits: fits !== false, summary, problems: [], unknown: sentences, place };
}
