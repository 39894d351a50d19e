import { isRecord } from '../../base/pure/isRecord';
import { type ListLayout, movedColumn, usualLayout, withColumns, withoutColumn } from '../../pairs/listColumns/layout';
import { askColumns } from '../savedViews/askColumns';
import type { CommandServices, Commands } from './target';

/** Commands about the columns of the active list of pairs. VS Code passes the column on whose head its menu opened. */
export function columnCommands({ editor }: CommandServices) {
  const change = (target: unknown, make: (layout: ListLayout, id: string) => ListLayout): void => {
    const columns = editor.active?.columns;
    const id = columnOf(target);
    if (columns && id !== null) columns.choose(make(columns.layout, id));
  };
  return {
    'margin.chooseColumns': async () => {
      const view = editor.active;
      if (!view) return;
      const { columns } = view;
      const chosen = await askColumns(columns.layout, await view.pages.paths());
      if (chosen) columns.choose(withColumns(columns.layout, chosen));
      view.focus();
    },
    'margin.resetColumns': () => editor.active?.columns.choose(usualLayout),
    'margin.column.hide': (target) => change(target, withoutColumn),
    'margin.column.moveLeft': (target) => change(target, (layout, id) => movedColumn(layout, id, -1)),
    'margin.column.moveRight': (target) => change(target, (layout, id) => movedColumn(layout, id, 1)),
  } satisfies Partial<Commands>;
}

/** The column whose head was clicked. A keyboard shortcut of such a command names no column, and does nothing. */
function columnOf(target: unknown): string | null {
  const id: unknown = isRecord(target) && target['webviewSection'] === 'listHead' ? target['column'] : null;
  return typeof id === 'string' ? id : null;
}
