import type { View } from '../../../src/protocol/pairEditor';
import { openMenu, withMenu } from '../../shared/contextMenu';
import { h, icon, refocus, replace } from '../../shared/dom';
import { sortMark } from '../../shared/sorting';
import { strings } from '../strings';
import { columnStrings } from './columnStrings';
import { hasBar, type ShownColumn } from './fit';

/** By how many CSS pixels one key press changes the width of a column. */
const keyStep = 16;

export interface ListHeadOptions {
  readonly sort: (column: string) => void;
  /** Called when a person changes the width of a column; null: the usual one. Without it, columns cannot be changed. */
  readonly widen?: (id: string, width: number | null) => void;
}

export interface HeadLook {
  readonly columns: readonly ShownColumn[];
  /** The titles of the columns that do not fit. */
  readonly hidden: readonly string[];
  readonly isUsual: boolean;
  readonly view: View;
}

/**
 * The head of the list. It is one tab stop: arrow keys go from column to column, Enter sorts, Alt with an arrow key
 * changes the width, and the key for context menus opens the menu of a column.
 */
export class ListHead {
  readonly element = h('div', { class: 'list-head muted', role: 'row' });
  private drawn = '';
  /** The id of the column that has the tab stop. */
  private current = 'row';

  constructor(private readonly options: ListHeadOptions) {
    this.element.addEventListener('keydown', (event) => this.key(event));
    this.element.addEventListener('focusin', ({ target }) => this.focused(target));
  }

  /** Draws only what has changed: a redraw would take the focus, or end a click. */
  draw(look: HeadLook): void {
    const { columns, view, hidden, isUsual } = look;
    const bars = columns.map((column) => column.id === 'margin' && hasBar(column));
    const key = JSON.stringify([columns.map(({ id }) => id), bars, view.sort, view.descending, hidden, isUsual]);
    if (key === this.drawn) return;
    this.drawn = key;
    const isFocused = this.element.contains(document.activeElement);
    if (!columns.some(({ id }) => id === this.current)) this.current = columns[0]?.id ?? '';
    const last = columns.length - 1;
    const cells = columns.flatMap((column, i) => this.cells(column, look, { isFirst: i === 0, isLast: i === last }));
    replace(this.element, ...cells, this.options.widen ? menuButton(hidden, isUsual) : h('span'));
    if (isFocused) refocus(this.button(this.current));
  }

  private cells(
    column: ShownColumn,
    { view, columns, isUsual }: HeadLook,
    place: { readonly isFirst: boolean; readonly isLast: boolean },
  ): HTMLElement[] {
    const { id, title, help, kind, sort } = column;
    const isSorted = sort === view.sort;
    // The accessible name contains the visible text of the head, for people who control the computer by voice.
    const name = strings.sortBy(id === 'row' ? id : title);
    const tip = this.options.widen ? columnStrings.keys(`${name}: ${help}`) : name;
    const mark = sortMark<View['sort']>(view, sort);
    const first = columns.find(({ isLong }) => isLong);
    const other = column === first ? otherOrder(view, columns) : null;
    const button = h(
      'button',
      {
        class: kind === 'number' ? 'link num clip' : 'link clip text-head',
        title: tip,
        tabIndex: id === this.current ? 0 : -1,
        aria: { label: other === null ? name : `${name}${other}` },
        on: { click: () => this.options.sort(sort) },
      },
      title + mark,
      other,
    );
    const cell = h('div', { class: 'head-cell', role: 'columnheader' }, button, this.grip(id));
    cell.dataset['column'] = id;
    cell.setAttribute('aria-sort', !isSorted ? 'none' : view.descending ? 'descending' : 'ascending');
    withMenu(cell, 'listHead', { column: id, ...place, isUsual, preventDefaultContextMenuItems: true });
    return id === 'margin' && hasBar(column) ? [h('span'), cell] : [cell];
  }

  /** The right edge of a column, which a person drags. */
  private grip(id: string): HTMLElement | null {
    const { widen } = this.options;
    if (!widen) return null;
    const grip = h('span', { class: 'grip', aria: { hidden: 'true' } });
    grip.addEventListener('dblclick', () => widen(id, null));
    grip.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      const width = this.widthOf(id);
      const end = new AbortController();
      // The head stays while its columns are drawn again.
      this.element.setPointerCapture(event.pointerId);
      const move = ({ clientX }: PointerEvent): void => {
        if (clientX !== event.clientX) widen(id, width + clientX - event.clientX);
      };
      this.element.addEventListener('pointermove', move, { signal: end.signal });
      for (const name of ['pointerup', 'pointercancel'] as const)
        this.element.addEventListener(name, () => end.abort(), { signal: end.signal });
    });
    return grip;
  }

  /** The width of a column on the screen; that of the margin includes its bar. */
  private widthOf(id: string): number {
    const cell = this.button(id)?.parentElement;
    const before = cell?.previousElementSibling;
    if (!cell) return 0;
    const { left, right } = cell.getBoundingClientRect();
    return right - (before?.localName === 'span' ? before.getBoundingClientRect().left : left);
  }

  private button(id: string): HTMLElement | null {
    return this.element.querySelector(`[data-column="${CSS.escape(id)}"] > button`);
  }

  private focused(target: EventTarget | null): void {
    const id = target instanceof HTMLElement ? target.parentElement?.dataset['column'] : undefined;
    if (id === undefined || id === this.current) return;
    this.button(this.current)?.setAttribute('tabindex', '-1');
    this.current = id;
    this.button(id)?.setAttribute('tabindex', '0');
  }

  private key(event: KeyboardEvent): void {
    const { key, altKey, target } = event;
    const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
    const id = target instanceof HTMLElement ? target.parentElement?.dataset['column'] : undefined;
    if (step === 0 || event.ctrlKey || event.metaKey || event.shiftKey || id === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (altKey) return this.options.widen?.(id, this.widthOf(id) + step * keyStep);
    const buttons = [...this.element.querySelectorAll<HTMLElement>('.head-cell > button')];
    buttons[buttons.indexOf(target as HTMLElement) + step]?.focus();
  }
}

/** The number of the list's order, if it has no column of its own. */
function otherOrder(view: View, columns: readonly ShownColumn[]): string | null {
  if (view.sort === 'row' || columns.some(({ sort }) => sort === view.sort)) return null;
  return ` · ${strings.sortedBy(view.sort)}${sortMark<View['sort']>(view, view.sort)}`;
}

function menuButton(hidden: readonly string[], isUsual: boolean): HTMLElement {
  const label = hidden.length === 0 ? columnStrings.menu : `${columnStrings.menu}. ${columnStrings.hidden(hidden)}`;
  const button = h(
    'button',
    {
      class: 'link columns-button',
      title: label,
      aria: { label, haspopup: 'menu' },
      on: { click: () => openMenu(button) },
    },
    hidden.length === 0 ? null : columnStrings.more(hidden.length),
    icon('ellipsis'),
  );
  withMenu(button, 'listHead', { isUsual, preventDefaultContextMenuItems: true });
  return h('div', { class: 'columns-cell', role: 'columnheader' }, button);
}
