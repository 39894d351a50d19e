import { at } from '../base/pure/must';
import type { LoadedRow } from '../reward/rowStore';
import type { PairVisit } from '../run/visits';

/**
 * What a micro-batch says of the pairs that it trains on, at no cost: the step has computed their log-probs.
 *
 * @param logps [2·rows] log-prob sums in nats under the policy before the update, chosen then rejected
 * @param reference [2·rows] the same under the reference
 */
export function visitsOf(
  step: number,
  rows: readonly LoadedRow[],
  logps: Float32Array,
  reference: Float32Array,
  beta: number,
): PairVisit[] {
  const reward = (sequence: number): number => beta * (at(logps, sequence) - at(reference, sequence));
  return rows.map(({ key, training: { desirable } }, i) => {
    // The rejected answer of a judged one is the answer of another row, which only KTO's KL term needs.
    const [chosen, rejected] =
      desirable === undefined ? [reward(i), reward(rows.length + i)] : desirable ? [reward(i), 0] : [0, reward(i)];
    return { step, key, chosen, rejected, margin: chosen - rejected };
  });
}
