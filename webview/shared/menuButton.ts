import { type Child, h, icon, replace } from './dom';

export interface MenuItem {
  readonly label: string;
  readonly title?: string;
  readonly kind: 'action' | 'check' | 'radio';
  readonly checked?: boolean;
  /** Why it cannot be chosen now; shown below the label. */
  readonly disabled?: string;
  readonly choose: () => void;
}

/** A button that opens a menu below it. The items are asked for when it opens. */
export class MenuButton {
  readonly element: HTMLElement;
  private readonly button: HTMLElement;
  private readonly menu: HTMLElement;

  constructor(
    title: string,
    private readonly items: () => readonly MenuItem[],
  ) {
    this.menu = h('div', { class: 'menu', role: 'menu', aria: { label: title } });
    this.menu.hidden = true;
    this.button = h('button', {
      class: 'option',
      title,
      aria: { haspopup: 'menu', expanded: 'false' },
      on: { click: () => this.open(this.menu.hidden !== false) },
    });
    this.element = h('span', { class: 'menu-button' }, this.button, this.menu);
    this.element.addEventListener('keydown', (event) => this.key(event));
    this.element.addEventListener('focusout', ({ relatedTarget }) => {
      if (!this.element.contains(relatedTarget as Node | null)) this.open(false);
    });
  }

  /** @param name for screen readers, if the label is only an icon */
  label(child: Child, name?: string): void {
    replace(this.button, child);
    if (name !== undefined) this.button.setAttribute('aria-label', name);
  }

  private open(isOpen: boolean): void {
    if (isOpen === !this.menu.hidden) return;
    this.menu.hidden = !isOpen;
    this.button.setAttribute('aria-expanded', String(isOpen));
    if (!isOpen) return;
    replace(this.menu, ...this.items().map((item) => this.item(item)));
    (this.menu.firstElementChild as HTMLElement | null)?.focus();
  }

  private item({ label, title, kind, checked = false, disabled, choose }: MenuItem): HTMLElement {
    const role = kind === 'action' ? 'menuitem' : `menuitem${kind === 'check' ? 'checkbox' : 'radio'}`;
    const click = (): void => {
      if (disabled !== undefined) return;
      this.open(false);
      this.button.focus();
      choose();
    };
    return h(
      'button',
      {
        ...(title === undefined ? {} : { title }),
        class: 'menu-item',
        role,
        tabIndex: -1,
        on: { click },
        aria: {
          ...(kind === 'action' ? {} : { checked: String(checked) }),
          ...(disabled === undefined ? {} : { disabled: 'true' }),
        },
      },
      icon(kind !== 'action' && checked ? 'check' : 'blank'),
      h('span', {}, label, disabled === undefined ? null : h('small', {}, disabled)),
    );
  }

  private key(event: KeyboardEvent): void {
    if (this.menu.hidden) return;
    const items = [...this.menu.children] as HTMLElement[];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === 'Escape') {
      this.open(false);
      this.button.focus();
    } else if (to !== undefined) items[(to + items.length) % items.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
