import type { PromptVerdict } from '../../protocol/round';

/** What the queue tells a person. */
export const roundHints = {
  atEnd: 'There is no prompt left. K goes back.',
  best: 'Now the best: its number.',
  worst: 'Now the worst: Shift and its number.',
  noDraft: (place: number | null): string =>
    place === null ? 'Press the number of a draft.' : `This prompt has no draft ${place}.`,
  noUndo: 'There is nothing to undo.',
  undoMark: 'Mark a draft',
  undo: {
    ranked: 'Rank drafts',
    tie: 'Judge drafts as a tie',
    'all-bad': 'Judge all drafts as bad',
    skipped: 'Skip a prompt',
  } satisfies Record<PromptVerdict, string>,
};
