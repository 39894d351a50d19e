import type { DynamicsGroup } from '../../../src/pairs/dynamics/dynamicsGroup';
import type { PairNumber } from '../../../src/pairs/pairNumber';

export interface NumberName {
  /** In the head of a column, and in a list of axes. */
  readonly short: string;
  /** One sentence for a person. */
  readonly help: string;
}

/** Schulman 2020, see `PairNumber`. */
const k3 = 'exp(−d) − 1 + d with d the Δ log-prob per token. No KL, because the model did not write the answer';

/** The texts of the views of pairs. */
export const pairStrings = {
  numbers: {
    line: { short: 'line', help: 'The line of the pair in the dataset' },
    margin: { short: 'margin', help: 'Reward of chosen minus reward of rejected' },
    before: { short: 'was', help: 'The margin in what this step is compared with' },
    delta: { short: 'Δ margin', help: 'The margin minus the margin before' },
    chosen: { short: 'chosen', help: 'The implicit reward of the chosen answer' },
    rejected: { short: 'rejected', help: 'The implicit reward of the rejected answer' },
    rank: { short: 'rank', help: 'The place of the pair by margin; 1 is the lowest' },
    rankDelta: { short: 'Δ rank', help: 'The rank minus the rank before' },
    chosenLogp: { short: 'Δ logp ch.', help: 'Log-prob of chosen minus its log-prob under the reference, in nats' },
    rejectedLogp: {
      short: 'Δ logp rej.',
      help: 'Log-prob of rejected minus its log-prob under the reference, in nats',
    },
    chosenLogpToken: { short: 'per token ch.', help: 'Δ log-prob of chosen per token, in nats' },
    rejectedLogpToken: { short: 'per token rej.', help: 'Δ log-prob of rejected per token, in nats' },
    chosenKl: { short: 'k3 ch.', help: `How far the model has moved on chosen, per token, in nats: ${k3}` },
    rejectedKl: { short: 'k3 rej.', help: `How far the model has moved on rejected, per token, in nats: ${k3}` },
    lengthGap: { short: 'length gap', help: 'Tokens of chosen minus tokens of rejected' },
    suspect: { short: 'suspect', help: 'The probability that the label is flipped' },
  } satisfies Record<PairNumber, NumberName>,
  ofDataset: (name: string) => `The column ${name} of the dataset`,
  filter: 'Filter: margin:<0, margin.delta:<-0.5, .score:>3',
  count: (total: string) => `${total} pairs`,
  negative: (count: string) => `${count} below 0`,
  onlyNegative: (count: string) => `Show only the ${count} pairs with a margin below 0`,
  shown: (count: string) => `${count} shown`,
  showAll: 'show all',
  suspects: 'Suspects…',
  suspectsTitle: 'Find the labels that are probably wrong, by this run or others',
  editor: 'Show in Editor',
  editorTitle: 'Open the dataset with this filter and these rewards',
  export: 'Export',
  exportTitle: 'Save the shown rows as CSV',
  columns: 'Columns',
  against: 'against',
  ofRun: (name: string, step: number) => `${name}, step ${step}`,
  start: 'start',
  histogramOf: 'Number of the histogram',
  histogram: (name: string, total: string) =>
    `Histogram of ${name}, ${total} pairs. Arrow keys go from bar to bar, Enter filters by one, Shift with an arrow key selects several.`,
  bin: (low: string, high: string, count: string, shown: string) =>
    count === shown ? `${low} to ${high}: ${count}` : `${low} to ${high}: ${shown} of ${count}`,
  acrossOf: 'Number of the horizontal axis',
  upOf: 'Number of the vertical axis',
  scatter: (y: string, x: string, count: string) =>
    `${y} over ${x}, ${count} pairs. Arrow keys go from pair to pair, Enter selects one. A drag filters by both numbers.`,
  density: (y: string, x: string, count: string) =>
    `${y} over ${x}, ${count} pairs, counted in cells. Arrow keys go from cell to cell, Enter filters by one.`,
  point: (x: string, xValue: string, y: string, yValue: string) => `${y} ${yValue}, ${x} ${xValue}`,
  cell: (x: string, y: string, count: string) => `${count} pairs, ${y}, ${x}`,
  range: (name: string, low: string, high: string) => `${name} ${low} to ${high}`,
  presets: {
    length: { label: '× length', title: 'Margin over the difference in length' },
    before: { label: '× before', title: 'Margin over the margin before' },
    suspect: { label: '× suspect', title: 'Margin over the probability that the label is flipped' },
  },
  shadeOf: 'Number that colours the pairs',
  signOfMargin: 'by sign',
  byNumber: (name: string) => `by ${name}`,
  shades: (name: string, low: string, high: string) => `Colours: ${name} from ${low} to ${high}; grey: none`,
  noShade: 'none',
  incomplete: (name: string, numbers: string, total: string, why: string) =>
    `${name}: ${numbers} of ${total} pairs have a number; ${why}.`,
  why: {
    empty: (count: string) => `${count} have nothing there`,
    other: (count: string) => `${count} have something that is not a number`,
    gone: (count: string) => `${count} are no longer in the dataset`,
  },
  noDataset: (problem: string) => `The columns of the dataset cannot be shown. ${problem}`,
  noPoints: 'No shown pair has both numbers.',
  views: { table: 'Table', movers: 'Most changed' },
  viewsName: 'How pairs are shown',
  trend: 'Over the run',
  trendNone: 'Select a pair to see its rewards over the run.',
  trendOf: (line: string) => `Line ${line} over the run`,
  trendLabel: (steps: string, margins: string) => `Rewards at ${steps}. Margins: ${margins}.`,
  trendKeys: { chosen: 'chosen', rejected: 'rejected', margins: 'margin', visits: 'seen by a training step' },
  movers: 'Pairs whose margin changed most',
  mover: (line: string, margin: string, change: string, prompt: string) =>
    `Line ${line}, margin ${margin}, changed by ${change}: ${prompt}`,
  moverLine: (line: string) => `line ${line}`,
  noMovers: 'No margin of the shown pairs is known at another step.',
  groupsName: 'Groups',
  groupsBy: 'What divides the pairs into groups',
  dynamics: 'dynamics',
  group: {
    range: (low: string, high: string) => `${low} to ${high}`,
    below: (low: string, high: string) => `${low} to below ${high}`,
    none: 'none',
    help: (name: string, text: string) => `Show the pairs whose ${name} is ${text}`,
    noneHelp: (name: string) => `Show the pairs without a number in ${name}`,
  },
  groups: {
    easy: { name: 'easy', help: 'Show the pairs whose margin is steady and high over the scored steps' },
    hard: { name: 'hard', help: 'Show the pairs whose margin is steady and low' },
    ambiguous: { name: 'ambiguous', help: 'Show the pairs whose margin varies more than it is high' },
    'never-learnt': {
      name: 'never learnt',
      help: 'Show the pairs whose margin was never above 0: many are wrong labels',
    },
    forgotten: { name: 'forgotten', help: 'Show the pairs whose margin was above 0 and no longer is' },
  } satisfies Record<DynamicsGroup, { readonly name: string; readonly help: string }>,
  sortBy: (column: string) => `Sort by ${column}`,
  hidden: (names: string) => `Not enough room for: ${names}`,
} as const;
