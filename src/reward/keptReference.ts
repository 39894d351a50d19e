import type { ScoreSession } from '../engine/types';
import type { Reference } from './scorePairs';

/**
 * A reference that knows the log-probs of the rows that steps have visited, and asks its session for batches that hold
 * another. They were computed in the steps' batches, so they differ from the session's by rounding (4e-6 in a sum).
 * Sums only: a batch that is known has no log-probs of tokens.
 *
 * @param kept [2, rows] log-prob sums, chosen then rejected; NaN where a row was not visited
 */
export function keptReference(kept: Float32Array, session: ScoreSession): Reference {
  const rows = kept.length / 2;
  return {
    async score(batch, indices) {
      const sums = Float32Array.from(
        [...indices, ...indices.map((index) => rows + index)],
        (place) => kept[place] ?? Number.NaN,
      );
      return sums.some(Number.isNaN) ? session.score(batch) : { sequenceLogps: sums, tokenLogps: new Float32Array() };
    },
  };
}
