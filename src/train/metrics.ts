import { at } from '../base/pure/must';
import type { PackedBatch, StepResult, TokenizedPair } from '../engine/types';
import type { Metrics, TrainConfig } from '../run/types';
import { hasPairs, isPerToken, type TrainerChoice } from './trainers';

type MetricsChoice = TrainerChoice & Pick<TrainConfig, 'per_token_metrics'>;

/** Indices of a batch's chosen sequences and of its rejected ones. Of judged answers, good ones are chosen. */
function sidesOf({ pairs, desirable }: PackedBatch, paired: boolean): { chosen: number[]; rejected: number[] } {
  const rows = Array.from({ length: pairs }, (_, i) => i);
  if (paired) return { chosen: rows, rejected: rows.map((i) => pairs + i) };
  return { chosen: rows.filter((i) => desirable[i] === 1), rejected: rows.filter((i) => desirable[i] !== 1) };
}

const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The log-probs that rewards are computed from. */
interface SequenceLogps {
  /** Indices of the chosen sequences, and of the rejected ones. */
  readonly chosen: readonly number[];
  readonly rejected: readonly number[];
  /** [2·pairs] sums over tokens in nats, under policy and reference. */
  readonly logps: Float32Array;
  readonly reference: Float32Array;
  readonly beta: number;
  /** Whether `chosen[i]` and `rejected[i]` belong to the same pair. */
  readonly paired: boolean;
}

/** The end of the name of a metric whose log-probs are divided by their tokens. */
const perTokenSuffix = '_per_token';

/**
 * TRL's metrics of one micro-batch (trl 1.16 `dpo_trainer.py`, `kto_trainer.py`, `cpo_trainer.py`, `orpo_trainer.py`):
 *
 *     rewards/…             mean of β·(log π − log π_ref); rewards/accuracies counts a tie as 0
 *     logps/…               mean of log π, a sum over tokens, or a mean per token if the objective uses means
 *     entropy, logits/…     means over completion tokens
 *     mean_token_accuracy   share of chosen tokens that have the highest logit
 *
 * If judged answers are all good, or all bad, the metrics of the other side are missing. TRL's CPO and ORPO average
 * `logits` over prompts and padding too, so their value depends on what else is in the batch. Here it covers
 * completions only, for every trainer.
 *
 * With `per_token_metrics` there is a second version of each metric that sums over tokens, in which long answers count
 * no more than short ones. With n(y) the tokens of a completion after truncation, at least 1:
 *
 *     logps/chosen_per_token       mean over chosen y of log π(y) / n(y); likewise rejected
 *     rewards/chosen_per_token     mean over chosen y of β·(log π(y) − log π_ref(y)) / n(y); likewise rejected
 *     rewards/margins_per_token    the difference of the two
 *     rewards/accuracies_per_token share of pairs whose chosen answer has the higher reward per token; a tie counts 0
 *
 * Log-probs are those of the objective, so they include LD-DPO's weights.
 *
 * @param reference [2·pairs] log-prob sums in nats, chosen then rejected
 */
export function batchMetrics(
  batch: PackedBatch,
  result: Omit<StepResult, 'gradients'>,
  reference: Float32Array,
  config: MetricsChoice & Pick<TrainConfig, 'beta'>,
): Record<string, number> {
  const paired = hasPairs(config);
  const { chosen, rejected } = sidesOf(batch, paired);
  const sequences = { chosen, rejected, logps: result.sequenceLogps, reference, beta: config.beta, paired };
  const length = (sequence: number): number => Math.max(1, at(batch.lengths, sequence));
  const logit = (side: string, sequences: readonly number[]): Record<string, number> =>
    sequences.length === 0 ? {} : { [`logits/${side}`]: tokenMean(batch, result.meanLogit, sequences) };
  return {
    loss: result.loss,
    entropy: tokenMean(batch, result.entropy, [...chosen, ...rejected]),
    ...logit('chosen', chosen),
    ...logit('rejected', rejected),
    ...rewardMetrics(sequences, isPerToken(config) ? length : () => 1, ''),
    ...(config.per_token_metrics ? rewardMetrics(sequences, length, perTokenSuffix) : {}),
    ...(paired ? { mean_token_accuracy: tokenMean(batch, result.top1, chosen) } : {}),
    ...result.metrics,
  };
}

/** @param divisor divides a sequence's log-probs: 1, or its number of tokens */
function rewardMetrics(
  { chosen, rejected, logps, reference, beta, paired }: SequenceLogps,
  divisor: (sequence: number) => number,
  suffix: string,
): Record<string, number> {
  const logp = (sequence: number): number => at(logps, sequence) / divisor(sequence);
  const reward = (sequence: number): number => beta * (logp(sequence) - at(reference, sequence) / divisor(sequence));
  const wins = (): number[] => chosen.map((sequence, i) => (reward(sequence) > reward(at(rejected, i)) ? 1 : 0));
  const side = (name: string, sequences: readonly number[]): Record<string, number> =>
    sequences.length === 0
      ? {}
      : {
          [`rewards/${name}${suffix}`]: average(sequences.map(reward)),
          [`logps/${name}${suffix}`]: average(sequences.map(logp)),
        };
  const sides = { ...side('chosen', chosen), ...side('rejected', rejected) };
  const [chosenReward, rejectedReward] = [sides[`rewards/chosen${suffix}`], sides[`rewards/rejected${suffix}`]];
  const hasBoth = chosenReward !== undefined && rejectedReward !== undefined;
  return {
    ...sides,
    ...(hasBoth ? { [`rewards/margins${suffix}`]: chosenReward - rejectedReward } : {}),
    ...(paired ? { [`rewards/accuracies${suffix}`]: average(wins()) } : {}),
  };
}

/** Names of the metrics that {@link batchMetrics} returns for a batch with both sides, without the objective's own. */
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
  const perToken = config.per_token_metrics ? rewards.map((name) => `${name}${perTokenSuffix}`) : [];
  return [
    'loss',
    'entropy',
    'logits/chosen',
    'logits/rejected',
    ...rewards,
    ...perToken,
    ...(paired ? ['mean_token_accuracy'] : []),
  ];
}

/**
 * The mean of [predictions] values over the tokens of some sequences. A token that two sequences share counts twice. 0
 * if the sequences have no tokens.
 */
function tokenMean({ predictions, segments }: PackedBatch, values: Float32Array, sequences: readonly number[]): number {
  let [sum, count] = [0, 0];
  for (const sequence of sequences) {
    for (let m = 0; m < predictions; m++) {
      const member = at(segments, sequence * predictions + m);
      sum += member * at(values, m);
      count += member;
    }
  }
  return count === 0 ? 0 : sum / count;
}

/** Tokens of a row as TRL counts them: a pair's prompt counts once for each answer. */
export function tokenCount({ prompt, chosen, rejected }: TokenizedPair, config: TrainerChoice): number {
  return hasPairs(config) ? 2 * prompt.length + chosen.length + rejected.length : prompt.length + chosen.length;
}

/** A metric before its first value. */
const noValues = { sum: 0, count: 0 };

/** Running means over micro-batches of equal weight. Each metric is averaged over the micro-batches that have it. */
export class MetricMeans {
  private readonly sums = new Map<string, { readonly sum: number; readonly count: number }>();

  add(metrics: Metrics): void {
    for (const [name, value] of Object.entries(metrics)) {
      const { sum, count } = this.sums.get(name) ?? noValues;
      this.sums.set(name, { sum: sum + value, count: count + 1 });
    }
  }

  get means(): Record<string, number> {
    return Object.fromEntries([...this.sums].map(([name, { sum, count }]) => [name, sum / count]));
  }
}

/** The mean of each metric over the micro-batches that have it. */
export function meanMetrics(all: readonly Metrics[]): Record<string, number> {
  const means = new MetricMeans();
  for (const metrics of all) means.add(metrics);
  return means.means;
}
