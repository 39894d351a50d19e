import { h } from '../shared/dom';

export interface EditField {
  readonly element: HTMLElement;
  /** Starts editing with the caret at the end. */
  begin(): void;
}

/**
 * Text that becomes a text field in place. Escape gives up, Ctrl+Enter or leaving the field commits, and a commit without
 * a change says nothing. The field grows with its text, so nothing around it moves.
 *
 * @param shown what stands there while nobody edits: plain text, or the word diff
 */
export function editField(text: string, label: string, shown: readonly (Node | string)[], commit: (text: string) => void): EditField {
  const view = h('div', { class: 'text', tabIndex: 0, role: 'button', aria: { label: `${label}: ${text}. Press Enter to edit` } }, ...shown);
  if (text === '') view.append(h('span', { class: 'muted' }, '(empty)'));
  const begin = (): void => {
    const field = document.createElement('textarea');
    field.value = text;
    field.className = 'text';
    field.setAttribute('aria-label', label);
    const fit = (): void => {
      field.style.height = '0';
      field.style.height = `${field.scrollHeight}px`;
    };
    let open = true;
    const close = (keep: boolean): void => {
      if (!open) return;
      open = false;
      field.replaceWith(view);
      if (keep && field.value !== text) commit(field.value);
      else view.focus();
    };
    field.addEventListener('input', fit);
    field.addEventListener('blur', () => close(true));
    field.addEventListener('keydown', (event) => {
      // Keys of the field are its own: undo inside it is the field's, letters are no commands.
      event.stopPropagation();
      if (event.key === 'Escape') close(false);
      else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) close(true);
    });
    view.replaceWith(field);
    fit();
    field.focus();
    field.setSelectionRange(text.length, text.length);
  };
  view.addEventListener('click', () => {
    // Selecting text to copy it is not asking to edit it.
    if (window.getSelection()?.isCollapsed !== false) begin();
  });
  view.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== 'F2') return;
    event.preventDefault();
    event.stopPropagation();
    begin();
  });
  return { element: view, begin };
}
