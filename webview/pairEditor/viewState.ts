import type { View } from '../../src/protocol/pairEditor';

/** What VS Code keeps of a view that is hidden. */
export interface ViewState {
  readonly row: number;
  readonly top: number;
  readonly view: View;
  readonly diff: boolean;
  /** Whether all findings about the file are shown. */
  readonly findings: boolean;
}

/** The state of a new view. */
export const initial: ViewState = {
  row: 0,
  top: 0,
  view: { filter: '', sort: 'row', descending: false, rewards: null },
  diff: true,
  findings: false,
};
