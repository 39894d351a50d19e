import type { ArmName } from '../../src/pairs/cleaning/cleaningResult';
import type { ShownVerdicts, SuspectSort, SuspectState } from '../../src/protocol/suspects';
import type { Verdict } from '../../src/pairs/suspects/verdict';
import { counted, signed } from '../shared/format';

const suspects = (count: number): string => (count === 1 ? '1 suspect' : `${counted(count)} suspects`);

export const strings = {
  title: 'Suspects',
  list: 'Suspects, with arrow keys; S swaps, O leaves out, K keeps, Enter opens the pair',
  basis: (runs: number, steps: number): string =>
    `${runs === 1 ? '1 run' : `${counted(runs)} runs`} · ${steps === 1 ? '1 measurement' : `${counted(steps)} measurements`}`,
  searchAgain: 'Search again…',
  review: (count: number): string => `Review ${suspects(count)}`,
  leaveOut: 'Leave out of training…',
  leaveOutTitle: 'Gives the suspects of the list the weight 0, which training leaves out. The rows stay in the file.',
  weigh: 'Down-weight…',
  weighTitle: 'Gives the suspects of the list a lower weight, which multiplies their loss',
  undo: 'Undo',
  undoTitle: (name: string): string => `Takes back: ${name}`,
  readOnly: 'This file is shown read-only, so its rows cannot be changed. Save it as JSON Lines first.',
  show: 'Show',
  verdicts: { suspects: 'Flipped and ties', flipped: 'Flipped', tie: 'Ties' } satisfies Record<ShownVerdicts, string>,
  noise: 'estimated noise',
  share: (share: number): string => `${(100 * share).toFixed(1)} %`,
  interval: (low: number, high: number): string => `${(100 * low).toFixed(1)} – ${(100 * high).toFixed(1)} %`,
  found: (flipped: number, ties: number, rows: number): string =>
    `${counted(flipped)} flipped · ${ties === 1 ? '1 tie' : `${counted(ties)} ties`} · of ${counted(rows)} pairs`,
  unknown: 'The margins hardly tell right labels from wrong ones, so this rate is a guess.',
  leftOut: (count: number): string =>
    count === 1 ? '1 pair or row has no verdict' : `${counted(count)} pairs or rows have no verdict`,
  groups: (columns: readonly string[]): string => (columns.length === 0 ? 'by group' : `by ${columns.join(', ')}`),
  noGroups: 'No source, annotator or subset has 20 rows.',
  groupLabel: (value: string, share: number, low: number, high: number, rows: number): string =>
    `${value}: ${strings.share(share)} flipped, ${strings.interval(low, high)}, of ${counted(rows)} rows`,
  cleaning: (seeds: number): string =>
    seeds === 0 ? 'does cleaning pay?' : `does cleaning pay? held-out accuracy, ${seeds} seeds`,
  trust: 'How far this can be trusted',
  howCleaning: 'How to find out',
  notMeasured: 'Not measured for this file.',
  arms: {
    cleaned: 'cleaned',
    random: 'random removed',
    'as-is': 'as it is',
  } satisfies Record<ArmName, string>,
  armLabel: (name: string, share: number, low: number, high: number): string =>
    `${name}: held-out accuracy ${strings.share(share)}, ${strings.interval(low, high)}`,
  columns: {
    row: 'line',
    probability: 'prob.',
    margin: 'margin',
    spread: 'spread',
  } satisfies Record<SuspectSort, string>,
  sortBy: {
    row: 'Sort by line',
    probability: 'Sort by the probability of being flipped',
    margin: 'Sort by the mean margin, in typical margins',
    spread: 'Sort by the spread of the margins',
  } satisfies Record<SuspectSort, string>,
  prompt: 'prompt',
  verdict: 'verdict',
  why: 'why',
  overSteps: 'margin over steps',
  verdictNames: { clean: 'right', flipped: 'flipped', tie: 'tie' } satisfies Record<Verdict, string>,
  states: {
    open: '',
    swapped: 'swapped',
    out: 'left out',
    weighted: 'down-weighted',
    kept: 'kept',
  } satisfies Record<SuspectState, string>,
  number: (unit: 'line' | 'row', row: number): string => `${unit === 'line' ? 'Line' : 'Row'} ${counted(row + 1)}`,
  openPair: 'Open the pair',
  tokens: 'Rewards of its tokens',
  swap: 'Swap',
  out: 'Leave out',
  keep: 'Keep',
  facts: (margin: number, spread: number): string =>
    `Mean margin ${signed(margin)} typical margins, spread ${spread.toFixed(2)}.`,
  noReason: 'No signal speaks against this label.',
  cut: 'The texts are long, and only their start is shown.',
  none: 'No label of this file is suspected.',
  noneShown: 'No suspects of this kind.',
  sparkline: (first: number, last: number): string => `margin from ${signed(first)} to ${signed(last)}`,
};
