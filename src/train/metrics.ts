import type { PackedBatch, StepResult, TokenizedPair } from '../engine/types';
import type { Metrics } from '../run/types';

/**
 * TRL's metrics of one micro-batch (trl 1.16 `dpo_trainer.py`): rewards are β·(log π − log π_ref) of whole completions,
 * accuracy is strict (ties count 0), `logps` are sums, `entropy` and `logits` are means over completion positions, and
 * `mean_token_accuracy` looks at chosen alone.
 *
 * @param reference [2·pairs]
 */
export function batchMetrics(batch: PackedBatch, result: Omit<StepResult, 'gradients'>, reference: Float32Array, beta: number): Record<string, number> {
  const { pairs, predictions, segments } = batch;
  const mean = (at: (pair: number) => number): number => Array.from({ length: pairs }, (_, i) => at(i)).reduce((a, b) => a + b, 0) / pairs;
  const logp = (sequence: number): number => result.sequenceLogps[sequence] ?? 0;
  const reward = (sequence: number): number => beta * (logp(sequence) - (reference[sequence] ?? 0));
  // How many of a side's sequences a prediction belongs to; one that both answers share counts for both.
  const members = (from: number, to: number): Float32Array => {
    const counts = new Float32Array(predictions);
    for (let s = from; s < to; s++) for (let m = 0; m < predictions; m++) counts[m] = (counts[m] ?? 0) + (segments[s * predictions + m] ?? 0);
    return counts;
  };
  const sides = { chosen: members(0, pairs), rejected: members(pairs, 2 * pairs), both: members(0, 2 * pairs) };
  const average = (values: Float32Array, side: keyof typeof sides): number => {
    let [sum, count] = [0, 0];
    values.forEach((value, m) => {
      const weight = sides[side][m] ?? 0;
      sum += weight * value;
      count += weight;
    });
    return count === 0 ? 0 : sum / count;
  };
  return {
    loss: result.loss,
    entropy: average(result.entropy, 'both'),
    'logits/chosen': average(result.meanLogit, 'chosen'),
    'logits/rejected': average(result.meanLogit, 'rejected'),
    mean_token_accuracy: average(result.top1, 'chosen'),
    'rewards/chosen': mean(reward),
    'rewards/rejected': mean((i) => reward(pairs + i)),
    'rewards/accuracies': mean((i) => (reward(i) > reward(pairs + i) ? 1 : 0)),
    'rewards/margins': mean((i) => reward(i) - reward(pairs + i)),
    'logps/chosen': mean(logp),
    'logps/rejected': mean((i) => logp(pairs + i)),
  };
}

/** Tokens as TRL counts them: the prompt once for each side. */
export function tokenCount({ prompt, chosen, rejected }: TokenizedPair): number {
  return 2 * prompt.length + chosen.length + rejected.length;
}

/** Means over equally weighted micro-batches. */
export function meanMetrics(all: readonly Metrics[]): Record<string, number> {
  const names = Object.keys(all[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, all.reduce((sum, metrics) => sum + (metrics[name] ?? 0), 0) / all.length]));
}
