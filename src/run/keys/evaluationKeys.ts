import { count, countOrNone, type Key } from './key';

/** What is logged, measured and kept as the run goes on. */
export const evaluationKeys: readonly Key[] = [
  {
    name: 'logging_steps',
    type: count,
    default: 10,
    text: 'A point of the curves each so many optimizer steps, the mean over them. 1 shows everything; 10 is calmer.',
  },
  {
    name: 'per_token_metrics',
    type: { kind: 'boolean' },
    default: false,
    text: 'Margin’s own: tells rewards, margins, accuracies and log-probs a second time, each answer’s divided by its tokens (`rewards/margins_per_token`, …), in curves of their own. TRL’s are sums over an answer, so long answers count more: where the two part, the length of answers is part of what is learnt.',
  },
  {
    name: 'save_steps',
    type: countOrNone,
    default: 500,
    text: 'A checkpoint each so many steps, besides the one at the end; 0: only at the end. A killed run resumes from the newest.',
  },
  {
    name: 'save_total_limit',
    type: count,
    default: null,
    nullable: true,
    text: 'How many checkpoints are kept; older ones are deleted. Null keeps all.',
  },
  {
    name: 'reward_steps',
    type: countOrNone,
    default: 0,
    text: 'Margin’s own: the implicit reward of every pair is measured each so many steps; 0: only when the run is done, which holds nothing up. Each measurement between steps costs about a third of an epoch.',
  },
  {
    name: 'eval_steps',
    type: countOrNone,
    default: 0,
    text: 'The held-out pairs are measured, and samples drawn, each so many steps and after the last one; 0: where `reward_steps` measures and after the last one. 20 to 50 evaluations a run show enough.',
  },
  {
    name: 'per_device_eval_batch_size',
    type: count,
    default: 8,
    text: 'Pairs in one pass of an evaluation. Metrics but the loss are means over batches, so it changes them a little where the last batch is short.',
  },
  {
    name: 'metric_for_best_model',
    type: { kind: 'text' },
    default: null,
    nullable: true,
    text: 'The metric of evaluations that says which one is the best, such as "loss" or "rewards/accuracies", with or without `eval_`; a checkpoint of it is made and kept. Null is "loss" where `load_best_model_at_end` or `early_stopping_patience` asks, else none is the best.',
  },
  {
    name: 'greater_is_better',
    type: { kind: 'boolean' },
    default: null,
    nullable: true,
    text: 'Whether more of `metric_for_best_model` is better. Null: yes, unless its name ends in "loss".',
  },
  {
    name: 'load_best_model_at_end',
    type: { kind: 'boolean' },
    default: false,
    text: 'True ends the run on the evaluation that was the best: the last rewards and samples are that checkpoint’s. A run that is stopped stays where it is. `save_steps` need not fit `eval_steps`, as it must in transformers: the best is saved in any case.',
  },
  {
    name: 'early_stopping_patience',
    type: count,
    default: null,
    nullable: true,
    text: 'Ends the run after so many evaluations in a row that were no better; 3 to 5 is usual. Null never does. An argument of transformers’ EarlyStoppingCallback, as is `early_stopping_threshold`.',
  },
  {
    name: 'early_stopping_threshold',
    type: { kind: 'number', min: 0 },
    default: 0,
    text: 'By more than this `metric_for_best_model` must be better for `early_stopping_patience` to begin anew.',
  },
];
