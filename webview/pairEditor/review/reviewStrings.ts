import type { Progress } from '../../../src/pairs/marks/pace';
import type { ReviewAction } from '../../../src/protocol/review';
import { counted, duration } from '../../shared/format';

/** The texts of the review. */
export const reviewStrings = {
  title: 'Review',
  adjudicate: 'Adjudicate',
  opinions: 'Who said what',
  opinionsHidden: 'Who said what is hidden until you decide.',
  opinionLabel: (label: string): string => (label === 'both_bad' ? 'both bad' : label),
  left: 'Left',
  right: 'Right',
  blindNote: 'blind: sides shuffled, models and scores hidden',
  blind: (on: boolean): string => `Blind: ${on ? 'on' : 'off'}`,
  sample: 'Sample…',
  sampleTitle: 'Review a number of pairs, drawn by a seed',
  leave: 'Leave',
  facets: 'Which pairs to go through',
  verdict: 'Verdict',
  problem: 'Problem',
  tags: 'Tag',
  facet: {
    all: 'all pairs',
    unreviewed: 'unreviewed',
    keep: 'keep',
    swap: 'swap',
    tie: 'tie',
    both_bad: 'both bad',
    skipped: 'skipped',
    flagged: 'flagged',
    problem: 'with problems',
  },
  leftOut: (count: number): string => (count === 1 ? '1 row holds no pair' : `${counted(count)} rows hold no pair`),
  verdicts: 'Verdict of this pair',
  dimension: (name: string): string => `Which answer is more ${name}`,
  dimensionValues: ['left', 'neither', 'right'],
  note: 'Note',
  noteField: 'Note on this pair. Enter: keep it',
  tagField: 'Tags of this pair, separated by commas. Enter: keep them',
  done: 'No pair is left here.',
  doneUnreviewed: (skipped: number): string =>
    skipped === 0
      ? 'All pairs of the queue are reviewed.'
      : `All pairs of the queue are reviewed or skipped. ${counted(skipped)} skipped: choose “skipped” to see them again.`,
  position: (line: string): string => `Line ${line}`,
  progress: ({ pace, left, total }: Progress): string => {
    const parts = [`of ${counted(total)}`];
    if (pace !== null) parts.push(`${duration(pace)} a pair`);
    if (left !== null && left > 0) parts.push(`about ${duration(left)} left`);
    return parts.join(' · ');
  },
  announce: (line: string, prompt: string, opinions: string): string =>
    opinions === '' ? `Line ${line}: ${prompt}` : `Line ${line}: ${prompt}. ${opinions}`,
} as const;

export interface ActionText {
  readonly action: ReviewAction;
  readonly label: string;
  /** The default key. A person may give the command another one. */
  readonly key: string;
}

export const scale: readonly ActionText[] = [
  { action: 'muchLeft', label: 'left ≫', key: '1' },
  { action: 'left', label: 'left >', key: '2' },
  { action: 'tie', label: 'tie', key: '3' },
  { action: 'right', label: 'right >', key: '4' },
  { action: 'muchRight', label: 'right ≫', key: '5' },
];
/** While blind nobody knows which answer to keep. */
export const sighted: readonly ActionText[] = [
  { action: 'keep', label: 'Keep', key: 'K' },
  { action: 'swap', label: 'Swap', key: 'S' },
];
export const others: readonly ActionText[] = [
  { action: 'bothBad', label: 'Both bad', key: 'B' },
  { action: 'skip', label: 'Skip', key: 'X' },
  { action: 'flag', label: 'Flag', key: 'F' },
  { action: 'edit', label: 'Edit', key: 'E' },
  { action: 'note', label: 'Note', key: 'N' },
  { action: 'tag', label: 'Tags', key: 'T' },
  { action: 'next', label: 'Next', key: 'J' },
];
export const undo: ActionText = { action: 'undo', label: 'Undo', key: 'U' };
