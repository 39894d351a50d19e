import type { PackedBatch, StepResult, TokenizedPair } from '../engine/types';
import type { Metrics, TrainConfig } from '../run/types';
import { hasPairs, isPerToken, type TrainerChoice } from './trainers';

type MetricsChoice = TrainerChoice & Pick<TrainConfig, 'per_token_metrics'>;

/** Sequences of a batch that are chosen, and those that are rejected. */
function sidesOf({ pairs, desirable }: PackedBatch, paired: boolean): { chosen: number[]; rejected: number[] } {
  const rows = Array.from({ length: pairs }, (_, i) => i);
  if (paired) return { chosen: rows, rejected: rows.map((i) => pairs + i) };
  return { chosen: rows.filter((i) => desirable[i] === 1), rejected: rows.filter((i) => desirable[i] !== 1) };
}

const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What log-probs and rewards are averaged over. */
interface Scored {
  readonly chosen: readonly number[];
  readonly rejected: readonly number[];
  /** [2·pairs] under policy and reference. */
  readonly logps: Float32Array;
  readonly reference: Float32Array;
  readonly beta: number;
  /** Sequences of the same place belong together. */
  readonly paired: boolean;
}

/** Behind the name of a metric whose log-probs are divided by their tokens. */
const twin = '_per_token';

/**
 * TRL's metrics of one micro-batch (trl 1.16 `dpo_trainer.py`, `kto_trainer.py`, `cpo_trainer.py`, `orpo_trainer.py`):
 * rewards are β·(log π − log π_ref), accuracy is strict (ties count 0), `logps` are sums or, where the objective looks
 * at means, means per token; `entropy` and `logits` are means over completion positions, and `mean_token_accuracy`
 * looks at chosen alone. A side that single judged answers leave empty has no metrics.
 *
 * TRL's CPO and ORPO average `logits` over prompts and padding too, so that its value depends on what else is in the
 * batch; here it is of completions for every trainer.
 *
 * `per_token_metrics` adds Margin's own twins of all that TRL sums over an answer's tokens, so that long answers count
 * no more than short ones. With n(y) the tokens of a completion after truncation, 1 where it has none:
 *
 *     logps/chosen_per_token       mean over chosen y of log π(y) / n(y); likewise rejected
 *     rewards/chosen_per_token     mean over chosen y of β·(log π(y) − log π_ref(y)) / n(y); likewise rejected
 *     rewards/margins_per_token    the difference of the two
 *     rewards/accuracies_per_token the part of pairs whose chosen answer has the higher reward a token; ties count 0
 *
 * Log-probs are those the objective sees, LD-DPO's weights included. `entropy`, `logits` and `mean_token_accuracy` are
 * per token as they are; a loss is no sum over tokens and has no twin.
 *
 * @param reference [2·pairs]
 */
export function batchMetrics(
  batch: PackedBatch,
  result: Omit<StepResult, 'gradients'>,
  reference: Float32Array,
  config: MetricsChoice & Pick<TrainConfig, 'beta'>,
): Record<string, number> {
  const paired = hasPairs(config);
  const { chosen, rejected } = sidesOf(batch, paired);
  const scored = { chosen, rejected, logps: result.sequenceLogps, reference, beta: config.beta, paired };
  const length = (sequence: number): number => Math.max(1, batch.lengths[sequence] ?? 1);
  const logit = (side: string, sequences: readonly number[]): Record<string, number> =>
    sequences.length === 0 ? {} : { [`logits/${side}`]: tokenMean(batch, result.meanLogit, sequences) };
  return {
    loss: result.loss,
    entropy: tokenMean(batch, result.entropy, [...chosen, ...rejected]),
    ...logit('chosen', chosen),
    ...logit('rejected', rejected),
    ...rewardMetrics(scored, isPerToken(config) ? length : () => 1, ''),
    ...(config.per_token_metrics ? rewardMetrics(scored, length, twin) : {}),
    ...(paired ? { mean_token_accuracy: tokenMean(batch, result.top1, chosen) } : {}),
    ...result.metrics,
  };
}

/** @param per what a sequence's log-probs are divided by */
function rewardMetrics(
  { chosen, rejected, logps, reference, beta, paired }: Scored,
  per: (sequence: number) => number,
  suffix: string,
): Record<string, number> {
  const logp = (sequence: number): number => (logps[sequence] ?? 0) / per(sequence);
  const reward = (sequence: number): number => beta * (logp(sequence) - (reference[sequence] ?? 0) / per(sequence));
  const wins = chosen.map((sequence, i) => (reward(sequence) > reward(rejected[i] ?? 0) ? 1 : 0));
  const side = (name: string, sequences: readonly number[]): Record<string, number> =>
    sequences.length === 0
      ? {}
      : {
          [`rewards/${name}${suffix}`]: average(sequences.map(reward)),
          [`logps/${name}${suffix}`]: average(sequences.map(logp)),
        };
  const sides = { ...side('chosen', chosen), ...side('rejected', rejected) };
  const both = chosen.length > 0 && rejected.length > 0;
  return {
    ...sides,
    ...(both
      ? {
          [`rewards/margins${suffix}`]:
            (sides[`rewards/chosen${suffix}`] ?? 0) - (sides[`rewards/rejected${suffix}`] ?? 0),
        }
      : {}),
    ...(paired ? { [`rewards/accuracies${suffix}`]: average(wins) } : {}),
  };
}

/** What {@link batchMetrics} gives of a batch with both sides, besides the objective's own. */
export function batchMetricNames(config: MetricsChoice): string[] {
  const paired = hasPairs(config);
  const rewards = [
    'rewards/chosen',
    'rewards/rejected',
    'logps/chosen',
    'logps/rejected',
    'rewards/margins',
    ...(paired ? ['rewards/accuracies'] : []),
  ];
  const twins = config.per_token_metrics ? rewards.map((name) => `${name}${twin}`) : [];
  return [
    'loss',
    'entropy',
    'logits/chosen',
    'logits/rejected',
    ...rewards,
    ...twins,
    ...(paired ? ['mean_token_accuracy'] : []),
  ];
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

/** Means over equally weighted micro-batches, each metric over those that have it; as small for many as for few. */
export class MetricMeans {
  private readonly sums = new Map<string, { readonly sum: number; readonly count: number }>();

  add(metrics: Metrics): void {
    for (const [name, value] of Object.entries(metrics)) {
      const { sum, count } = this.sums.get(name) ?? { sum: 0, count: 0 };
      this.sums.set(name, { sum: sum + value, count: count + 1 });
    }
  }

  get means(): Record<string, number> {
    return Object.fromEntries([...this.sums].map(([name, { sum, count }]) => [name, sum / count]));
  }
}

export function meanMetrics(all: readonly Metrics[]): Record<string, number> {
  const means = new MetricMeans();
  for (const metrics of all) means.add(metrics);
  return means.means;
}
