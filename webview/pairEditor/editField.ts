import { h } from '../shared/dom';
import { onFieldKey } from './fieldKey';
import { strings } from './strings';

export interface EditFieldOptions {
  /** Unique within the row, so that the field gets the focus back after a redraw. */
  readonly id: string;
  readonly text: string;
  readonly label: string;
  /** The content while nobody edits: the plain text, the word diff, or the text as Markdown. */
  readonly shown: readonly (Node | string)[];
  /** Whether it is shown as Markdown, with links and blocks that unfold. */
  readonly rendered: boolean;
  readonly opened: (field: EditField) => void;
  /** Called with the text after each key. */
  readonly typed: (text: string) => void;
  /** Called when the field closes. `text` is null if it has not changed. */
  readonly closed: (text: string | null) => void;
  /** Called for Ctrl+S, after `closed`. */
  readonly save: () => void;
}

/**
 * A text that becomes a text field of the same size, so that nothing around it moves. Escape, Ctrl+Enter, Ctrl+S and
 * leaving the field all commit the text: typed text is never lost, and undo takes it back.
 */
export class EditField {
  readonly element: HTMLElement;
  private readonly field = document.createElement('textarea');
  private isOpen = false;

  constructor(private readonly options: EditFieldOptions) {
    const { id, text, label, shown } = options;
    // A button may hold no links and nothing that unfolds.
    const role = options.rendered ? 'group' : 'button';
    this.element = h(
      'div',
      { class: 'text', id, dir: 'auto', tabIndex: 0, role, aria: { label: strings.edit(`${label}: ${text}`) } },
      ...shown,
    );
    if (text === '') this.element.append(h('span', { class: 'muted' }, strings.emptyText));
    this.element.addEventListener('click', ({ target }) => {
      if (target instanceof Element && target.closest('a, summary')) return;
      // A person who selects text wants to copy it, not to edit it.
      if (window.getSelection()?.isCollapsed !== false) this.begin();
    });
    this.element.addEventListener('keydown', (event) => {
      if ((event.key !== 'Enter' && event.key !== 'F2') || event.target !== this.element) return;
      event.preventDefault();
      event.stopPropagation();
      this.begin();
    });
    this.field.className = 'text';
    this.field.dir = 'auto';
    this.field.spellcheck = false;
    this.field.setAttribute('aria-label', label);
    this.field.addEventListener('input', () => {
      this.fit();
      this.options.typed(this.field.value);
    });
    this.field.addEventListener('blur', () => this.finish());
    this.field.addEventListener('keydown', (event) =>
      onFieldKey(event, { finish: () => this.finish(), save: options.save }),
    );
  }

  /** Starts editing with the caret at the end. */
  begin(): void {
    if (this.isOpen) return;
    const { text } = this.options;
    this.isOpen = true;
    this.field.value = text;
    this.element.replaceWith(this.field);
    this.fit();
    this.field.focus();
    this.field.setSelectionRange(text.length, text.length);
    this.options.opened(this);
  }

  finish(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    const { text } = this.options;
    const { value } = this.field;
    const changed = value !== text;
    // Shows the new text at once; its diff arrives with the row.
    if (changed) this.element.textContent = value;
    const focused = document.activeElement === this.field;
    this.field.replaceWith(this.element);
    if (focused) this.element.focus();
    this.options.closed(changed ? value : null);
  }

  private fit(): void {
    this.field.style.height = '0';
    this.field.style.height = `${this.field.scrollHeight + 2}px`;
  }
}
