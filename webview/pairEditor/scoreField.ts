import { h } from '../shared/dom';
import type { OpenField } from './rowFields';
import { strings } from './strings';

export interface ScoreFieldOptions {
  /** Unique within the row, so that the field gets the focus back after a redraw. */
  readonly id: string;
  /** The row's own name of the score. */
  readonly measure: string;
  /** Null if the answer has none. */
  readonly value: number | null;
  readonly opened: (field: OpenField) => void;
  /** Called when the field closes; undefined if the score stays as it is. */
  readonly closed: (value: number | null | undefined) => void;
}

/**
 * The score or rank of an answer as a button, which becomes a field for a number. Enter and leaving it commit the
 * number; Escape takes it back, and so does a text that is not a number. An empty field removes the score.
 */
export class ScoreField implements OpenField {
  readonly element: HTMLElement;
  private readonly input = document.createElement('input');
  private isOpen = false;

  constructor(private readonly options: ScoreFieldOptions) {
    const { id, measure, value } = options;
    const text = value === null ? strings.unrated : `${measure} ${value}`;
    const aria = { label: `${text}: ${strings.changeScore}` };
    const on = { click: () => this.begin() };
    this.element = h('button', { class: 'link num', id, title: strings.changeScore, aria, on }, text);
    this.input.className = 'score-field';
    this.input.inputMode = 'decimal';
    this.input.setAttribute('aria-label', measure);
    this.input.addEventListener('input', () =>
      this.input.setAttribute('aria-invalid', String(numberIn(this.input.value) === undefined)),
    );
    this.input.addEventListener('blur', () => this.finish());
    this.input.addEventListener('keydown', (event) => this.key(event));
  }

  finish(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    const value = numberIn(this.input.value);
    const isFocused = document.activeElement === this.input;
    this.input.replaceWith(this.element);
    if (isFocused) this.element.focus();
    this.options.closed(value === this.options.value ? undefined : value);
  }

  private begin(): void {
    const { value, opened } = this.options;
    this.input.value = value === null ? '' : String(value);
    this.element.replaceWith(this.input);
    this.input.focus();
    this.input.select();
    this.isOpen = true;
    opened(this);
  }

  private key(event: KeyboardEvent): void {
    if (event.key === 'Escape') this.input.value = String(this.options.value ?? '');
    if (event.key === 'Enter' || event.key === 'Escape') {
      // Else the key would press the button that takes the place of the field.
      event.preventDefault();
      this.finish();
    } else if ((event.ctrlKey || event.metaKey) && !'zyZY'.includes(event.key)) return;
    // Letters and digits are not commands here.
    event.stopPropagation();
  }
}

/** The number of a text; null for an empty one, undefined for what is not a number. */
function numberIn(text: string): number | null | undefined {
  if (text.trim() === '') return null;
  const value = Number(text.trim().replace('−', '-').replace(',', '.'));
  return Number.isFinite(value) ? value : undefined;
}
