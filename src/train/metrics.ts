import type { PackedBatch, StepResult, TokenizedPair } from '../engine/types';
import type { Metrics, TrainConfig } from '../run/types';
import { hasPairs, isPerToken, type TrainerChoice } from './trainers';

/** Sequences of a batch that are chosen, and those that are rejected. */
function sidesOf({ pairs, desirable }: PackedBatch, paired: boolean): { chosen: number[]; rejected: number[] } {
  const rows = Array.from({ length: pairs }, (_, i) => i);
  if (paired) return { chosen: rows, rejected: rows.map((i) => pairs + i) };
  return { chosen: rows.filter((i) => desirable[i] === 1), rejected: rows.filter((i) => desirable[i] !== 1) };
}

const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * TRL's metrics of one micro-batch (trl 1.16 `dpo_trainer.py`, `kto_trainer.py`, `cpo_trainer.py`, `orpo_trainer.py`): rewards are
 * β·(log π − log π_ref), accuracy is strict (ties count 0), `logps` are sums or, where the objective looks at means, means per token;
 * `entropy` and `logits` are means over completion positions, and `mean_token_accuracy` looks at chosen alone. A side that single
 * judged answers leave empty has no metrics.
 *
 * TRL's CPO and ORPO average `logits` over prompts and padding too, so that its value depends on what else is in the batch; here it is of
 * completions for every trainer.
 *
 * @param reference [2·pairs]
 */
export function batchMetrics(batch: PackedBatch, result: Omit<StepResult, 'gradients'>, reference: Float32Array, config: TrainerChoice & Pick<TrainConfig, 'beta'>): Record<string, number> {
  const paired = hasPairs(config);
  const { chosen, rejected } = sidesOf(batch, paired);
  const per = (sequence: number): number => (isPerToken(config) ? Math.max(1, batch.lengths[sequence] ?? 1) : 1);
  const logp = (sequence: number): number => (result.sequenceLogps[sequence] ?? 0) / per(sequence);
  const reward = (sequence: number): number => config.beta * (logp(sequence) - (reference[sequence] ?? 0) / per(sequence));
  const wins = chosen.map((sequence, i) => (reward(sequence) > reward(rejected[i] ?? 0) ? 1 : 0));
  const side = (name: 'chosen' | 'rejected', sequences: readonly number[]): Record<string, number> =>
    sequences.length === 0
      ? {}
      : {
          [`logits/${name}`]: tokenMean(batch, result.meanLogit, sequences),
          [`rewards/${name}`]: average(sequences.map(reward)),
          [`logps/${name}`]: average(sequences.map(logp)),
        };
  const metrics = { ...side('chosen', chosen), ...side('rejected', rejected) };
  const both = chosen.length > 0 && rejected.length > 0;
  return {
    loss: result.loss,
    entropy: tokenMean(batch, result.entropy, [...chosen, ...rejected]),
    ...metrics,
    ...(both ? { 'rewards/margins': (metrics['rewards/chosen'] ?? 0) - (metrics['rewards/rejected'] ?? 0) } : {}),
    ...(paired ? { 'rewards/accuracies': average(wins), mean_token_accuracy: tokenMean(batch, result.top1, chosen) } : {}),
    ...result.metrics,
  };
}

/** What {@link batchMetrics} gives of a batch with both sides, besides the objective's own. */
export function batchMetricNames(config: TrainerChoice): string[] {
  const ofSides = ['logits', 'rewards', 'logps'].flatMap((name) => [`${name}/chosen`, `${name}/rejected`]);
  return ['loss', 'entropy', ...ofSides, 'rewards/margins', ...(hasPairs(config) ? ['rewards/accuracies', 'mean_token_accuracy'] : [])];
}

/** The mean over the tokens of some sequences; a token that two of them share counts for both. */
function tokenMean({ predictions, segments }: PackedBatch, values: Float32Array, sequences: readonly number[]): number {
  let [sum, count] = [0, 0];
  for (const sequence of sequences) {
    for (let m = 0; m < predictions; m++) {
      const member = segments[sequence * predictions + m] ?? 0;
      sum += member * (values[m] ?? 0);
      count += member;
    }
  }
  return count === 0 ? 0 : sum / count;
}

/** Tokens as TRL counts them: of a pair the prompt once for each side, of a judged answer no other's. */
export function tokenCount({ prompt, chosen, rejected }: TokenizedPair, config: TrainerChoice): number {
  return hasPairs(config) ? 2 * prompt.length + chosen.length + rejected.length : prompt.length + chosen.length;
}

/** Means over equally weighted micro-batches, each metric over those that have it. */
export function meanMetrics(all: readonly Metrics[]): Record<string, number> {
  const names = [...new Set(all.flatMap(Object.keys))];
  return Object.fromEntries(names.map((name) => [name, average(all.flatMap((metrics) => metrics[name] ?? []))]));
}
