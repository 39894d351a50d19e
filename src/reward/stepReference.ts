import { at } from '../base/pure/must';
import type { ScoreSession } from '../engine/types';
import type { Reference } from './scorePairs';

/**
 * A reference that reuses the log-probs from training steps, and asks its session for batches with a row that no step
 * has visited. The steps' log-probs come from other batches, so they differ from the session's by rounding (4e-6 in a
 * sum). It reuses sums only: a reused batch has no log-probs of tokens.
 *
 * @param kept [2, rows] log-prob sums in nats, chosen then rejected; NaN for a row that no step has visited
 */
export function stepReference(kept: Float32Array, session: ScoreSession): Reference {
  const rows = kept.length / 2;
  return {
    async score(batch, indices) {
      const sums = Float32Array.from([...indices, ...indices.map((index) => rows + index)], (i) => at(kept, i));
      return sums.some(Number.isNaN) ? session.score(batch) : { sequenceLogps: sums, tokenLogps: new Float32Array() };
    },
  };
}
