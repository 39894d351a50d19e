import { queryErrorOf } from '../../../src/pairs/query/parseQuery';
import type { FacetsSoFar } from '../../../src/protocol/facets';
import { FilterField, type FilterFieldOptions } from './filterField';

/** Pause in typing after which the filter is used. */
const settleMs = 200;

export interface FilterBoxOptions extends Omit<FilterFieldOptions, 'typed'> {
  readonly filter: (text: string) => void;
  /** Called when a key in the filter leads back to the list. */
  readonly leave: () => void;
}

/**
 * The field of a filter with its keys: Enter uses the filter, Escape empties it, ArrowDown leads to the list. The rows
 * of the last filter stay while the person types one that cannot be read yet.
 */
export class FilterBox {
  private readonly field: FilterField;
  private timer = 0;

  constructor(private readonly options: FilterBoxOptions) {
    this.field = new FilterField({ ...options, typed: (text) => this.soon(text) });
    this.element.addEventListener('keydown', (event) => this.key(event));
  }

  get element(): HTMLElement {
    return this.field.element;
  }

  /** What is wrong with the filter, to be placed below it. */
  get error(): HTMLElement {
    return this.field.error;
  }

  get value(): string {
    return this.field.value;
  }

  focus(): void {
    this.field.focus();
  }

  soFar(counts: FacetsSoFar): void {
    this.field.soFar(counts);
  }

  /** Shows a filter without using it. */
  set(text: string): void {
    clearTimeout(this.timer);
    this.field.value = text;
  }

  /** Shows a filter and uses it. */
  apply(text: string): void {
    this.set(text);
    this.search(text);
  }

  /** Says what else is wrong with the filter that is shown. */
  complain(message: string): void {
    this.field.mark({ start: 0, end: this.value.length, message });
  }

  private soon(text: string): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.search(text), settleMs);
  }

  private search(text: string): void {
    const error = queryErrorOf(text);
    this.field.mark(error);
    if (!error) this.options.filter(text);
  }

  private key(event: KeyboardEvent): void {
    if (this.field.key(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.key === 'Escape' && this.value !== '') this.apply('');
    else if (event.key === 'Enter') this.apply(this.value);
    if (event.key === 'Enter' || event.key === 'Escape' || event.key === 'ArrowDown') {
      event.preventDefault();
      this.options.leave();
    }
    // Letters and undo belong to the field, F1 and other function keys to the workbench.
    const command = event.ctrlKey || event.metaKey;
    if (command ? /^[zy]$/i.test(event.key) : !/^F\d/.test(event.key)) event.stopPropagation();
  }
}
