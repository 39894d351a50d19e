import type { ShownNumber } from '../../../src/pairs/fileNumber';
import { h, icon, replace } from '../../shared/dom';
import { numberName, shortName } from './numberNames';
import { pairStrings } from './pairStrings';

/** A column that a person can show or hide. */
export interface ColumnItem {
  readonly name: ShownNumber;
  readonly isShown: boolean;
}

/** A button that opens a menu of the table's columns. */
export class ColumnMenu {
  readonly element: HTMLElement;
  private readonly button: HTMLElement;
  private readonly menu = h('div', { class: 'column-menu', role: 'menu', aria: { label: pairStrings.columns } });
  private items: readonly ColumnItem[] = [];

  /** @param toggle called with a column that the person shows or hides */
  constructor(private readonly toggle: (column: ColumnItem) => void) {
    const title = pairStrings.columns;
    this.button = h(
      'button',
      {
        class: 'link',
        title,
        aria: { label: title, haspopup: 'menu', expanded: 'false' },
        on: { click: () => this.open(this.menu.hidden !== false) },
      },
      icon('list-selection'),
    );
    this.menu.hidden = true;
    this.element = h('span', { class: 'column-chooser' }, this.button, this.menu);
    this.element.addEventListener('keydown', (event) => this.key(event));
    this.element.addEventListener('focusout', ({ relatedTarget }) => {
      if (!this.element.contains(relatedTarget as Node | null)) this.open(false);
    });
  }

  /** @param crowded names of columns that do not fit */
  show(items: readonly ColumnItem[], crowded: readonly ShownNumber[]): void {
    this.items = items;
    const names = crowded.map(shortName).join(', ');
    const title = names === '' ? pairStrings.columns : `${pairStrings.columns}. ${pairStrings.hidden(names)}`;
    this.button.title = title;
    this.button.setAttribute('aria-label', title);
    if (!this.menu.hidden) this.draw();
  }

  private open(isOpen: boolean): void {
    if (isOpen === !this.menu.hidden) return;
    this.menu.hidden = !isOpen;
    this.button.setAttribute('aria-expanded', String(isOpen));
    if (!isOpen) return;
    this.draw();
    (this.menu.firstElementChild as HTMLElement | null)?.focus();
  }

  private draw(): void {
    const focused = [...this.menu.children].indexOf(document.activeElement as Element);
    const items = this.items.map((item) => {
      const { short, help } = numberName(item.name);
      return h(
        'button',
        {
          class: 'column-item',
          role: 'menuitemcheckbox',
          title: help,
          tabIndex: -1,
          aria: { checked: String(item.isShown) },
          on: { click: () => this.toggle(item) },
        },
        icon(item.isShown ? 'check' : 'blank'),
        short,
      );
    });
    replace(this.menu, ...items);
    (this.menu.children[focused] as HTMLElement | undefined)?.focus();
  }

  private key(event: KeyboardEvent): void {
    if (this.menu.hidden) return;
    const items = [...this.menu.children] as HTMLElement[];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (event.key === 'Escape') {
      this.open(false);
      this.button.focus();
    } else if (step !== 0) items[(at + step + items.length) % items.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
