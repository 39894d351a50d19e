import { count, countOrZero, type KeyTable } from './key';

/** What a run logs, evaluates and saves. */
export const evaluationKeys = {
  logging_steps: {
    type: count,
    default: 10,
    text: 'The number of optimizer steps per point of the curves, which shows their mean. 1 shows every step; 10 gives smoother curves.',
  },
  per_token_metrics: {
    type: { kind: 'boolean' },
    default: false,
    text: 'Margin’s own: also logs rewards, margins, accuracies and log-probs divided by the number of tokens of each answer (`rewards/margins_per_token`, …). TRL’s metrics are sums over an answer, so long answers count more. If the two curves differ, the model is partly learning the length of answers.',
  },
  save_steps: {
    type: countOrZero,
    default: 500,
    text: 'The number of steps between two checkpoints; 0 saves only at the end. The end of a run always has a checkpoint. A killed run resumes from its newest checkpoint.',
  },
  save_total_limit: {
    type: count,
    default: null,
    nullable: true,
    text: 'The number of checkpoints to keep; older ones are deleted. Null keeps all.',
  },
  reward_steps: {
    type: countOrZero,
    default: 0,
    text: 'Margin’s own: the number of steps between two computations of every pair’s implicit reward. 0 computes the rewards only after the run, so that training never waits for them. Each computation during the run takes about a third of an epoch.',
  },
  eval_steps: {
    type: countOrZero,
    default: 0,
    text: 'The number of steps between two evaluations of the held-out pairs, each with sample answers. 0 evaluates whenever `reward_steps` computes rewards; the last step is always evaluated. 20 to 50 evaluations per run are enough.',
  },
  per_device_eval_batch_size: {
    type: count,
    default: 8,
    text: 'The number of pairs in one pass of an evaluation. Metrics other than the loss are means over batches, so a short last batch changes them a little.',
  },
  guard_file: {
    type: { kind: 'path' },
    default: null,
    nullable: true,
    text: 'Margin’s own: any plain text in UTF-8 that has nothing to do with the pairs. Before the first step and at each evaluation the run measures how well the model predicts its first 2,048 tokens (`eval_guard_loss`, nats per token, in windows of at most 512 tokens and `max_length`). If the margin rises while this loss rises too, the model pays for preferences with its language. Null measures nothing.',
  },
  sample_prompts_file: {
    type: { kind: 'path' },
    default: null,
    nullable: true,
    text: 'Margin’s own: up to 20 prompts that the model answers at each evaluation, so that you see how its answers change. A file of JSON Lines (strings, objects with `prompt` or `messages`, or rows of pairs), or any text with one prompt a line. Null takes the first three prompts of the held-out pairs.',
  },
  metric_for_best_model: {
    type: { kind: 'text' },
    default: null,
    nullable: true,
    text: 'The metric that picks the best evaluation, for example "loss" or "rewards/accuracies", with or without `eval_`. The run saves a checkpoint of the best evaluation and keeps it. Null means "loss" if `load_best_model_at_end` or `early_stopping_patience` is set; otherwise no evaluation is best.',
  },
  greater_is_better: {
    type: { kind: 'boolean' },
    default: null,
    nullable: true,
    text: 'Whether a greater `metric_for_best_model` is better. Null means yes, unless the name of the metric ends in "loss".',
  },
  load_best_model_at_end: {
    type: { kind: 'boolean' },
    default: false,
    text: 'True ends the run on the checkpoint of its best evaluation: the last rewards and samples come from it. A run that you stop keeps its last step. Unlike in transformers, `save_steps` need not fit `eval_steps`: the best checkpoint is always saved.',
  },
  early_stopping_patience: {
    type: count,
    default: null,
    nullable: true,
    text: 'Ends the run after this many evaluations in a row without a better one; 3 to 5 is usual. Null never ends it early. As `early_stopping_threshold`, it is an argument of transformers’ EarlyStoppingCallback.',
  },
  early_stopping_threshold: {
    type: { kind: 'number', min: 0 },
    default: 0,
    text: 'An evaluation counts as better for `early_stopping_patience` only if it improves `metric_for_best_model` by more than this.',
  },
} as const satisfies Partial<KeyTable>;
