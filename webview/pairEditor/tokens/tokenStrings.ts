import type { TokenAnswer, TokenRow } from '../../../src/pairs/tokens/tokenRow';
import type { DropReason } from '../../../src/pairs/tokens/rowTokens';
import { counted } from '../../shared/format';

const tokens = (count: number): string => `${counted(count)} token${count === 1 ? '' : 's'}`;

const names: Readonly<Record<TokenAnswer['side'], string>> = {
  chosen: 'Chosen',
  rejected: 'Rejected',
  completion: 'Answer',
};

/** The texts of the view of tokens. */
export const tokenStrings = {
  button: 'Tokens',
  buttonTitle: 'Show the selected row as the trainer sees it: template, tokens, what is masked and cut (T)',
  region: 'What the trainer sees',
  loading: 'Tokenising…',
  choose: 'Choose config…',
  change: 'Choose another config, run or model',
  none: 'Choose the train config, run or model that tells how rows are tokenised and cut.',
  untrusted: 'Tokens need a model of the workspace and its chat template, so they wait until you trust the workspace.',
  trust: 'Manage Workspace Trust',
  blank: 'The row is blank: the trainer skips it.',
  names,
  config: (label: string, model: string): string => (model === '' ? label : `${label} · model ${model}`),
  limit: (maxLength: number): string => `max_length ${counted(maxLength)}`,
  prompt: 'Prompt',
  promptSays: (count: number): string => `${tokens(count)}, masked: no loss is computed on them`,
  answerSays: ({ side, kept, cut, losesEos }: TokenAnswer, { prompt, maxLength, dropped }: TokenRow): string => {
    if (dropped) return `${tokens(kept.count + cut.count)}, not trained`;
    const total = `${counted(prompt.count + kept.count)} of ${tokens(maxLength)} with the prompt`;
    if (cut.count === 0) return `${tokens(kept.count)}; ${total}`;
    const end = losesEos ? ', with its end token' : '';
    return `${tokens(kept.count)}; ${total}; ${counted(cut.count)} cut from the end of ${side}${end}`;
  },
  cutHere: (count: number): string => `cut: ${tokens(count)}`,
  notTrained: 'not trained',
  omitted: (count: number): string => `… ${tokens(count)} not shown …`,
  left: (why: string): string => `The trainer leaves this row out. ${why}`,
  held: (part: number): string =>
    `Held out for evaluation by test_split_size ${part}: the run measures this row, and does not train on it.`,
  pairOf: (pair: number, pairs: number): string => `Pair ${pair + 1} of ${pairs}`,
  shared: (count: number): string => `the answers share their first ${tokens(count)}`,
  weight: (weight: number): string => `weight ${weight}`,
  swapped: 'swapped, as its marks say',
  mismatched: 'the prompt tokenises differently together with this answer, which begins where the two differ',
  count: 'Count all rows',
  countTitle: 'Tokenise all rows, and count those that would be cut or left out',
  counting: (percent: string): string => `Tokenising all rows… ${percent}`,
  stop: 'Stop',
  counted: (rows: number): string => `Of ${counted(rows)} row${rows === 1 ? '' : 's'}:`,
  cutRows: (rows: number): string => `${counted(rows)} cut`,
  droppedRows: (rows: number): string => `${counted(rows)} left out in all`,
  fits: 'none is cut or left out',
  reasons: {
    error: (rows: number): string => `${counted(rows)} left out: unusable`,
    refused: (rows: number): string => `${counted(rows)} left out: refused by the model`,
    'long-prompt': (rows: number): string => `${counted(rows)} left out: prompt too long`,
    tie: (rows: number): string => `${counted(rows)} left out: tie`,
    marks: (rows: number): string => `${counted(rows)} left out by marks`,
  } satisfies Readonly<Record<DropReason, (rows: number) => string>>,
  show: (what: string): string => `Show these rows: ${what}`,
  legend: { masked: 'masked', chosen: 'chosen', rejected: 'rejected', cut: 'cut', special: 'special token' },
};

/** What a screen reader says of a row. */
export function spoken(row: TokenRow): string {
  const parts = row.answers.map((answer) => `${names[answer.side]}: ${tokenStrings.answerSays(answer, row)}.`);
  const dropped = row.dropped ? [tokenStrings.left(row.dropped.why)] : [];
  const held = row.heldBy === null ? [] : [tokenStrings.held(row.heldBy)];
  return [...dropped, ...held, `${tokenStrings.prompt}: ${tokens(row.prompt.count)}.`, ...parts].join(' ');
}
