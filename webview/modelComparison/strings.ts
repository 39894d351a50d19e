import type { ComparisonResult, DuelResult } from '../../src/pairs/comparison/comparisonResult';
import { measureTexts, type ValueMeasure } from '../../src/pairs/comparison/valueMeasure';
import type { ComparedQuery, ComparedSort, DuelCell, ModelSource } from '../../src/protocol/modelComparison';
import { counted, signed } from '../shared/format';

/** The texts of the view that compares models. */
export const strings = {
  title: 'Models',
  refresh: 'Refresh',
  refreshTitle: 'Read the dataset and the rewards again',
  reading: (pairs: number): string => (pairs === 0 ? 'Reading the rewards…' : `${counted(pairs)} pairs compared…`),
  sources: 'Models to compare',
  kind: { run: 'Runs', scoring: 'Scorings' } satisfies Record<ModelSource['kind'], string>,
  score: 'Score with a Model…',
  scoreTitle: 'Score this file with a checkpoint, an adapter, a model folder or a GGUF file, in the background',
  measure: 'Compare by',
  measures: {
    reward: 'implicit reward',
    avg: 'mean log-prob',
    sum: 'log-prob',
    norm: 'norm of log-probs',
  } satisfies Record<ValueMeasure, string>,
  slice: 'Divide by',
  whole: 'nothing',
  other: 'another column…',
  about: ({ pairs, measure }: ComparisonResult): string =>
    `${pairsText(pairs)} · an answer’s value: ${measureTexts[measure]}`,
  noReference: (names: readonly string[]): string =>
    `All margins of ${names.join(' and ')} are 0: the model is its own reference.`,
  useLogProbs: 'Compare mean log-probs',
  who: 'Who prefers what',
  columns: ['model', 'chosen', 'rejected', 'tie', 'accuracy', '95 % interval', '', 'mean margin'],
  columnHelp:
    'Accuracy: the share of pairs in which the model prefers the chosen answer. A tie counts as wrong, as in TRL. Intervals by Wilson.',
  sections: 'RewardBench',
  section: 'section',
  missing: (subsets: readonly string[]): string =>
    `Not RewardBench’s own scores: the file lacks ${subsets.join(', ')}.`,
  sectionHelp: 'The mean of the subsets’ accuracies, weighted as in the benchmark',
  slices: (key: string): string => `By ${key}`,
  pairs: 'pairs',
  moreSlices: (count: number): string => `… and ${counted(count)} smaller slices. The CSV file has all.`,
  showSlice: (slice: string): string => `Show the pairs of ${slice}`,
  duels: 'Two models, pair by pair',
  duel: 'Two models',
  versus: ([first, second]: DuelResult['models']): string => `${first} and ${second}`,
  right: (name: string): string => `right: ${name}`,
  wrong: (name: string): string => `wrong: ${name}`,
  cell: (cell: DuelCell, [first, second]: DuelResult['models'], count: number): string =>
    `${cellText(cell, first, second)}: ${pairsText(count)}`,
  caption: ([first, second]: DuelResult['models']): string => `${first} in rows, ${second} in columns`,
  list: 'Pairs',
  listed: ({ cell, slice }: ComparedQuery, [first, second]: readonly [string, string], total: number): string =>
    `${pairsText(total)}: ${cellText(cell, first, second)}${slice === null ? '' : `, in ${slice}`}`,
  showFlips: 'Show flips',
  allSlices: 'All slices',
  inEditor: 'Show in Editor',
  inEditorTitle: 'Filter the pair editor to these pairs',
  csv: 'CSV',
  csvTitle: (what: string): string => `Save as CSV: ${what}`,
  sorts: (first: string, second: string): Readonly<Record<ComparedSort, string>> => ({
    line: 'line',
    first,
    second,
    difference: 'difference',
  }),
  prompt: 'prompt',
  gone: 'This pair is no longer in the file.',
  hint: 'Enter opens a pair',
} as const;

/** `42.3 %`. */
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
export const margin = (value: number): string => signed(value, 3);

function cellText(cell: DuelCell, first: string, second: string): string {
  switch (cell) {
    case 'flips':
      return `${first} and ${second} differ`;
    case 'both_right':
      return 'both are right';
    case 'both_wrong':
      return 'both are wrong';
    case 'only_first':
      return `only ${first} is right`;
    case 'only_second':
      return `only ${second} is right`;
  }
}

function pairsText(count: number): string {
  return count === 1 ? '1 pair' : `${counted(count)} pairs`;
}
