import type { PairNumber } from '../../../src/pairs/pairNumber';
import { h, icon, replace } from '../../shared/dom';
import { optionalNumbers } from './pairColumns';
import { pairStrings } from './pairStrings';

/** A button that opens a menu of the table's columns. */
export class ColumnMenu {
  readonly element: HTMLElement;
  private readonly button: HTMLElement;
  private readonly menu = h('div', { class: 'column-menu', role: 'menu', aria: { label: pairStrings.columns } });
  private known: ReadonlySet<PairNumber> = new Set();
  private hidden: ReadonlySet<PairNumber> = new Set();

  /** @param choose called with the columns that the person hides */
  constructor(private readonly choose: (hidden: readonly PairNumber[]) => void) {
    const title = pairStrings.columns;
    this.button = h(
      'button',
      {
        ...{ class: 'link', title, aria: { label: title, haspopup: 'menu', expanded: 'false' } },
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
  show(known: ReadonlySet<PairNumber>, hidden: ReadonlySet<PairNumber>, crowded: readonly PairNumber[]): void {
    this.known = known;
    this.hidden = hidden;
    const names = crowded.map((name) => pairStrings.numbers[name].short).join(', ');
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
    const items = optionalNumbers
      .filter((name) => this.known.has(name))
      .map((name) => {
        const isShown = !this.hidden.has(name);
        const { short, help } = pairStrings.numbers[name];
        return h(
          'button',
          {
            ...{ class: 'column-item', role: 'menuitemcheckbox', title: help, tabIndex: -1 },
            ...{ aria: { checked: String(isShown) }, on: { click: () => this.toggle(name) } },
          },
          icon(isShown ? 'check' : 'blank'),
          short,
        );
      });
    replace(this.menu, ...items);
    (this.menu.children[focused] as HTMLElement | undefined)?.focus();
  }

  private toggle(name: PairNumber): void {
    const hidden = new Set(this.hidden);
    if (!hidden.delete(name)) hidden.add(name);
    this.choose([...hidden]);
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
