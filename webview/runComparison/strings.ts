import type { MarginSide } from '../../src/protocol/runComparison';
import type { PairChange } from '../../src/run/compared/types';
import type { MarginOrder } from '../../src/run/compared/types';
import { counted, signed } from '../shared/format';
import type { Tab, XAxis } from './viewState';

/** The texts of the view that compares runs. */
export const strings = {
  title: 'Compare runs',
  shown: (shown: number, all: number): string => `${shown} of ${all} shown`,
  filter: 'Filter runs',
  filterHint: 'Name, tag:NAME, beta>0.05',
  others: 'Other Runs…',
  othersTitle: 'Add runs that TRL, TensorBoard or Trackio has logged',
  columns: 'Columns…',
  columnsTitle: 'Choose which metrics and keys of the config the table shows',
  table: 'Runs',
  name: 'run',
  notes: 'notes',
  noRuns: 'No runs yet. A run appears here as soon as it is started.',
  noneFound: 'No run has these words.',
  train: 'Train…',
  baseline: 'baseline',
  isShown: 'shown',
  isHidden: 'not shown',
  difference: (text: string, baseline: string): string => `${text} against ${baseline}`,
  keys: {
    show: 'Show',
    hide: 'Hide',
    baseline: 'Make Baseline',
    notBaseline: 'Not Baseline',
    tags: 'Tags…',
    note: 'Note…',
    open: 'Open',
    remove: 'Take Out',
  },
  tabs: {
    curves: 'Curves',
    config: 'Config diff',
    pairs: 'Data diff',
    rewards: 'Rewards diff',
    samples: 'Samples',
  } satisfies Record<Tab, string>,
  x: 'Horizontal axis',
  axes: { step: 'step', pairs: 'pairs', tokens: 'tokens', time: 'time' } satisfies Record<XAxis, string>,
  smoothing: (weight: number): string => (weight === 0 ? 'no smoothing' : `smoothing ${weight}`),
  smoothingTitle: 'The weight of earlier points in the bold line',
  logY: 'log y',
  logYTitle: 'Logarithmic vertical axis where all values are above 0',
  saveTitle: 'Save the curves of the shown runs',
  save: { csv: 'Export all points as CSV…', svg: 'Export charts as SVG…', png: 'Export charts as PNG…' },
  charts: {
    loss: 'loss',
    evalLoss: 'eval loss',
    margin: 'margin',
    accuracy: 'accuracy',
    chosen: 'log-prob of chosen',
    kl: 'KL from the reference',
    language: 'language model',
    gradNorm: 'gradient norm',
  },
  held: 'held-out',
  trained: 'training',
  noCurves: 'Choose runs in the table: Space shows the selected one.',
  noPoints: 'The shown runs have no points yet.',
  oneRun: 'Two runs are needed to compare. Show another one.',
  sentences: 'What the runs show',
  against: 'against',
  firstRun: 'First run',
  secondRun: 'Second run',
  sameConfig: 'These runs have the same config and the same files.',
  key: 'key',
  default: 'default',
  onlyDifferent: (count: number): string => `${count === 1 ? '1 key differs' : `${count} keys differ`}`,
  changes: {
    added: 'added',
    removed: 'removed',
    changed: 'changed',
  } satisfies Record<PairChange, string>,
  same: (count: number): string => `${pairsText(count)} the same`,
  noChange: 'Both runs trained on the same pairs.',
  changedPairs: 'Changed pairs',
  showInEditor: (change: PairChange): string => `Show ${change} pairs in the editor`,
  allChanges: 'all',
  score: 'Score…',
  row: (row: number): string => `row ${counted(row + 1)}`,
  gone: 'This pair is no longer in the file.',
  rewardsTable: 'Rewards on shared pairs',
  rewardColumns: ['run', 'step', 'right', '95 % interval', 'mean margin'],
  sides: { 'held-out': 'held-out pairs', trained: 'training pairs' } satisfies Record<MarginSide, string>,
  inEditor: 'Show in Editor',
  onPairs: (of: MarginSide, pairs: number, leftOut: number): string =>
    `${pairsText(pairs)} that both ${of === 'trained' ? 'trained on' : 'hold out'}${leftOut === 0 ? '' : `; ${pairsText(leftOut)} of only one left out`}`,
  compareModels: 'Compare Models…',
  compareModelsTitle: 'Compare both as models: slices, held-out files, other models',
  rewardPairs: 'Pairs by the change of their margin',
  orders: (first: string, second: string): Readonly<Record<MarginOrder, string>> => ({
    line: 'line',
    first,
    second,
    difference: 'difference',
  }),
  prompt: 'prompt',
  hint: 'Enter opens a pair',
  noSamples: 'Neither run has samples: they are drawn at each evaluation.',
  noSample: 'no sample for this prompt',
  noAnswer: 'no answer: the model ended it at once',
  atStep: (step: number): string => `step ${counted(step)}`,
  base: 'before training',
} as const;

/** `42.3 %`. */
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
export const margin = (value: number): string => signed(value, 3);

function pairsText(count: number): string {
  return count === 1 ? '1 pair' : `${counted(count)} pairs`;
}
