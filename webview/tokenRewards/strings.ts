import type { TokenText } from '../../src/pairs/tokens/tokenRow';
import type { RewardNews, TokenExample } from '../../src/protocol/tokenRewards';
import { counted, signed } from '../shared/format';

const tokens = (count: number): string => `${counted(count)} token${count === 1 ? '' : 's'}`;

/** Decimals of the reward of a token. */
const digits = 4;
/** A reward with its sign. */
export const reward = (value: number): string => signed(value, digits);
/** A log-prob with its sign. */
export const logp = (value: number): string => signed(value, 3);
/** A probability from its log: `12 %`, `0.034 %`. */
export function percent(log: number): string {
  const share = 100 * Math.exp(log);
  return `${share >= 10 ? share.toFixed(0) : share.toPrecision(2)} %`;
}

/** The name of a token that has no letters to show. */
export function named(text: TokenText): string {
  if (typeof text !== 'string') return text.special;
  if (text === '') return 'part of a character';
  return text.trim() === '' ? JSON.stringify(text) : text.trim();
}

/** The texts of the view of token rewards. */
export const strings = {
  news: {
    opening: 'Opening the model of the run and its reference…',
    scoring: 'Scoring the pair…',
  } satisfies Readonly<Record<RewardNews, string>>,
  reading: 'Reading the pair…',
  cancel: 'Cancel',
  cancelled: 'Cancelled.',
  again: 'Try again',
  trust: 'Manage Workspace Trust',
  step: 'scored at step',
  stepChoice: (step: number): string => String(step),
  missing: (step: number): string => `step ${step} has no checkpoint`,
  tabs: { pair: 'Pair', set: 'All tokens' },
  scoreAll: 'Score all pairs…',
  scoreAllTitle: 'Score all pairs of the dataset token by token, to see the most rewarded and most punished tokens',
  previous: 'Previous pair',
  next: 'Next pair',
  place: (pair: number, pairs: number): string => `${counted(pair + 1)} of ${counted(pairs)}`,
  line: (line: number): string => `line ${counted(line)}`,
  openPair: 'Open pair',
  table: 'table',
  tableTitle: 'Show the tokens as a table',
  models: {
    button: 'base beside tuned',
    title: 'Show how likely each token is under the tuned model, and beside it under the base',
    answer: (name: string, model: 'tuned' | 'base'): string => `${name}: log-probs of the ${model} model`,
    mean: (value: string): string => `mean log-prob ${value}`,
    scale: (low: string): string => `Colours from 0 (certain, plain) to ${low} (least expected, strongest)`,
  },
  margin: (value: number): string => `margin ${signed(value, 3)}`,
  names: { chosen: 'Chosen', rejected: 'Rejected' },
  sum: (value: number): string => `Σ ${signed(value, 3)}`,
  count: tokens,
  first: (shown: number, all: number, sum: number): string =>
    `the first ${counted(shown)} of ${tokens(all)}, with ${signed(sum, 3)} of the reward`,
  answer: (name: string, count: number, sum: number): string => `${name}: ${tokens(count)}, reward ${signed(sum, 3)}`,
  empty: 'No answer on this side: the row is a single judged answer.',
  noTokens: 'No tokens.',
  legend: (scale: number): readonly [low: string, high: string] => [reward(-scale), reward(scale)],
  legendLabel: (scale: number): string =>
    `Colours from ${reward(-scale)} (punished, dashed) to ${reward(scale)} (rewarded, solid)`,
  punished: 'punished',
  rewarded: 'rewarded',
  parts: (index: number): string => `the answers part at token ${counted(index + 1)}`,
  partsHere: 'The answers part here',
  same: 'the answers have the same tokens',
  zero: 'Every token has the reward 0: the model is its reference.',
  hint: 'Point at a token, or move with the arrow keys.',
  detail: {
    token: 'token',
    reward: 'reward',
    sum: 'sum so far',
    tuned: 'tuned',
    base: 'base',
    change: 'change',
    nats: 'nats',
  },
  cumulative: 'sum of rewards so far',
  across: 'token',
  columns: ['#', 'token', 'reward', 'tuned', 'base'],
  tableOf: (name: string): string => `Tokens of ${name.toLowerCase()} with reward and log-probs`,
  set: {
    about: (all: number, rare: number, minCount: number): string =>
      `${tokens(all)} in all answers. ${counted(rare)} different ones that occur less than ${minCount} times are left out.`,
    minCount: 'at least',
    times: 'times',
    by: { mean: 'by mean', sum: 'by sum' },
    byTitle: {
      mean: 'Order by the reward of a token on average',
      sum: 'Order by the reward of all its places together',
    },
    rewarded: 'Most rewarded',
    punished: 'Most punished',
    none: 'None: lower the number of times.',
    columns: ['token', 'count', 'in chosen', 'mean', 'sum', 'examples'],
    counting: 'Adding up all tokens…',
    more: (token: string): string => `Show more places of ${token}`,
    fewer: (token: string): string => `Hide the places of ${token}`,
    searching: 'Reading the places of the token…',
    places: (shown: number, count: number): string =>
      shown < count ? `${counted(shown)} of ${counted(count)} places` : `all ${counted(count)} places`,
    example: ({ line, side, reward: value }: TokenExample): string =>
      `Line ${line}, ${side}: ${reward(value)}. Show it.`,
  },
};

/** What a screen reader says of a token, and its tooltip. */
export function spoken(text: TokenText, index: number, value: number, tuned: number, base: number): string {
  return `${named(text)}, token ${index + 1}: reward ${reward(value)}, log-prob ${logp(tuned)}, reference ${logp(base)}`;
}
