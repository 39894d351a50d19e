/** What the keys of an open text field do. */
export interface FieldActions {
  /** Commits the text, and closes the field. */
  readonly finish: () => void;
  readonly save: () => void;
}

/**
 * Does what a key asks of an open text field: Escape and Ctrl+Enter finish it, Ctrl+S saves too. Letters are text here
 * and the field has its own undo, so the workbench does not see these keys.
 */
export function onFieldKey(event: KeyboardEvent, { finish, save }: FieldActions): void {
  const command = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (event.key === 'Escape' || (event.key === 'Enter' && command)) {
    // Else the key would press what takes the place of the field.
    event.preventDefault();
    finish();
  } else if (key === 's' && command && !event.shiftKey) {
    event.preventDefault();
    finish();
    save();
  } else if (command ? key !== 'z' && key !== 'y' : /^F\d/.test(event.key)) return;
  event.stopPropagation();
}
