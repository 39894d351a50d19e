import type { View } from '../../src/protocol/pairEditor';

/** What comes back when the view is shown again. */
export interface ViewState {
  readonly row: number;
  readonly top: number;
  readonly view: View;
  readonly diff: boolean;
  /** Whether all of the file's findings are shown. */
  readonly findings: boolean;
}

/** A view that nobody has touched yet. */
export const initial: ViewState = {
  row: 0,
  top: 0,
  view: { filter: '', sort: 'row', descending: false, rewards: null },
  diff: true,
  findings: false,
};
