import type { KeyState } from '../../../src/run/formTypes';
import { shownText, typedValue } from '../values';
import type { Control, ControlOptions } from './control';

/** A field for numbers, texts, paths, lists, objects. Leaving it or Enter writes; Escape takes back what was typed. */
export class TextInput implements Control {
  readonly element = document.createElement('input');
  private shown = '';

  constructor(private readonly options: ControlOptions) {
    const { id, key, describedBy } = options;
    const { element } = this;
    element.id = id;
    element.className = 'text-input';
    element.spellcheck = false;
    element.autocomplete = 'off';
    element.setAttribute('aria-describedby', describedBy);
    if (key.required) element.setAttribute('aria-required', 'true');
    if (key.type.kind === 'number') element.inputMode = 'decimal';
    element.addEventListener('input', () => this.typed());
    element.addEventListener('change', () => this.commit());
    element.addEventListener('keydown', (event) => this.key(event));
    element.addEventListener('blur', () => this.leave());
  }

  show(state: KeyState): void {
    const { kind } = this.options.key.type;
    const [{ value }, before] = [this.element, this.shown];
    this.shown = state.json === null ? '' : shownText(kind, state.json);
    const isTyping = document.activeElement === this.element && value !== before;
    // A text that is not a value stays until the person comes back, or the file has another value.
    const isKept = value !== before && before === this.shown && 'mistake' in typedValue(this.options.key, value);
    this.element.placeholder =
      state.json === null && state.default !== null && state.default !== 'null' ? shownText(kind, state.default) : '';
    if (isTyping || isKept) return;
    this.element.value = this.shown;
    this.options.mistaken(null);
  }

  mark(isInvalid: boolean): void {
    this.element.setAttribute('aria-invalid', String(isInvalid));
  }

  focus(): void {
    this.element.focus();
  }

  private typed(): void {
    const typed = typedValue(this.options.key, this.element.value);
    this.options.mistaken('mistake' in typed ? typed.mistake : null);
  }

  private commit(): void {
    const typed = typedValue(this.options.key, this.element.value);
    if ('mistake' in typed || this.element.value === this.shown) return;
    // What follows shows the value as the file has it.
    this.shown = this.element.value;
    this.options.changed(typed.json);
  }

  /** A text that is not a value cannot be written: the field says so and keeps it until the person comes back. */
  private leave(): void {
    this.commit();
    this.typed();
  }

  private key(event: KeyboardEvent): void {
    if (event.key === 'Enter') this.commit();
    if (event.key !== 'Escape' || this.element.value === this.shown) return;
    this.element.value = this.shown;
    this.typed();
    event.stopPropagation();
  }
}
