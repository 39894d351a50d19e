import { queryErrorOf } from '../../src/pairs/query/parseQuery';
import type { Overview, RowDetail, View } from '../../src/protocol/pairEditor';
import { counted } from '../shared/format';
import type { PaneLook } from './pairPane';
import { strings, type Unit } from './strings';

/** What VS Code keeps of a view that is hidden. */
export interface ViewState {
  readonly row: number;
  /** If the row is a list: which of its pairs is selected, from 0. */
  readonly pair: number;
  readonly top: number;
  readonly view: View;
  readonly diff: boolean;
  readonly rendered: boolean;
  /** Whether the selected row is shown as tokens. */
  readonly tokens: boolean;
  /** Whether all findings about the file are shown. */
  readonly findings: boolean;
}

/** The state of a new view. */
export const initial: ViewState = {
  row: 0,
  pair: 0,
  top: 0,
  view: { filter: '', sort: 'row', descending: false, rewards: null, before: null },
  diff: true,
  rendered: false,
  tokens: false,
  findings: false,
};

/** Whether a view shows all rows in the order of the file, without rewards. */
export function isPlain({ filter, sort, descending, rewards }: View): boolean {
  return filter === '' && sort === 'row' && !descending && rewards === null;
}

/** The state that VS Code kept. An older version of Margin may have written a filter that cannot be read now. */
export function restored(kept: Partial<ViewState> | undefined): ViewState {
  const state = { ...initial, ...kept };
  return queryErrorOf(state.view.filter) ? { ...state, view: { ...state.view, filter: '' } } : state;
}

/** Whether the rows that were shown have not changed: the list may only have grown. */
export function sameRows(before: Overview, now: Overview): boolean {
  const isSearching = before.searched !== null || now.searched !== null;
  return before.listRevision === now.listRevision && before.shown > 0 && now.shown >= before.shown && !isSearching;
}

/** The number and the format of a row. A row that holds no pair has no format. */
export function placeOf({ line, pair, judged, list }: RowDetail, unit: Unit): string {
  const { shape } = pair ?? judged ?? list ?? { shape: '' };
  return strings.where(counted(line), unit, shape);
}

/** How a row is drawn. */
export function lookOf(overview: Overview, { diff, rendered, pair }: ViewState): PaneLook {
  const { rewards, widest, unit, readOnly, comparison } = overview;
  const comparedWith = comparison && comparison.name;
  return { diff, rendered, pair, scored: rewards !== null, widest, unit, readOnly: readOnly !== null, comparedWith };
}
