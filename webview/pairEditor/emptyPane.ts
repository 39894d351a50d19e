import type { Overview } from '../../src/protocol/pairEditor';
import { button } from '../shared/controls';
import { h } from '../shared/dom';
import { strings } from './strings';

export interface EmptyPaneActions {
  readonly openText: () => void;
  readonly showAll: () => void;
  readonly insert: () => void;
}

/** Replaces the pair when the list has no row to show: the reason, and what to do. */
export function emptyPane(overview: Overview, { openText, showAll, insert }: EmptyPaneActions): HTMLElement[] {
  const { otherKind, readOnly, error, rows, indexing, searched } = overview;
  if (otherKind !== null)
    return [h('p', {}, otherKind), button({ label: strings.openText, icon: 'go-to-file', onClick: openText })];
  if (searched !== null) return [h('p', {}, strings.searching)];
  if (rows > 0) return [h('p', {}, strings.nothingShown), button({ label: strings.allRows, onClick: showAll })];
  if (indexing) return [h('p', {}, strings.readingFile)];
  if (error !== null) return [h('p', {}, strings.unreadable)];
  if (readOnly !== null) return [h('p', {}, strings.empty)];
  return [
    h('p', {}, strings.empty),
    button({ label: strings.insertFirst, icon: 'add', primary: true, onClick: insert }),
  ];
}
