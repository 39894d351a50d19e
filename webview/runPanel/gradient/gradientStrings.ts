/** The texts of the tab of gradient weights. */
export const gradientStrings = {
  none: 'No rewards yet. The weights of pairs in the gradient appear here when the pairs are scored.',
  label: 'The pairs of the largest weights in the gradient',
  objective: 'objective',
  ofRun: (losses: string) => `${losses} (the run's)`,
  beta: 'beta',
  rate: 'learning rate',
  reset: 'As in the run',
  atStep: (step: number) => `margins of step ${step}`,
  about:
    'weight = |∂loss/∂margin|, for DPO σ(−margin): what a pair still pulls. beta · weight · learning rate is the pull at a nat of log-prob; AdamW divides out what is common to all pairs, so shares say more than sizes. The margins stay those of the run.',
  histogram: (pairs: string, mean: string) =>
    `Histogram of the weights of ${pairs} pairs, mean ${mean}. The outline is the run's own choice.`,
  bin: (low: string, high: string, pairs: string, own: string | null) =>
    `weight ${low} to ${high}: ${pairs}${own === null ? '' : `, ${own} with the run's own choice`}`,
  scale: 'weight · heights are square roots of counts',
  top: (part: string) => `top ${part}`,
  showHalf: 'Show them',
  columns: { line: 'line', prompt: 'prompt', margin: 'margin', weight: 'weight', own: "run's", share: 'share' },
  changed: 'changed since this run',
  hint: 'Enter opens the pair in its dataset',
  noWeights: (why: string) => `There are no weights for ${why}. Choose another objective to see what it would weigh.`,
  allZero: 'No pair has a gradient under this choice: all are learnt as far as it asks.',
  half: (count: string, total: string, percent: string) =>
    `Half of the gradient comes from ${count} of ${total} pairs (${percent}).`,
  even: 'All pairs weigh about the same.',
  ownHalf: (count: string, percent: string) => `In the run it comes from ${count} (${percent}).`,
  mean: (weight: string, pull: string) =>
    `The mean weight is ${weight}, and beta · weight · learning rate ${pull} a nat`,
  against: (times: string) => `, ${times} times the run's.`,
  leftOut: (keys: string) => `Not counted: ${keys}.`,
} as const;
