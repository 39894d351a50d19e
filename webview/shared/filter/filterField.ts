import { completionsAt, type Completion, type Completions, writtenValue } from '../../../src/pairs/query/complete';
import { isFacetField } from '../../../src/pairs/query/facets';
import type { QueryError } from '../../../src/pairs/query/queryError';
import type { Facet, FacetsSoFar } from '../../../src/protocol/facets';
import type { PairEditorHost } from '../../../src/protocol/pairEditor';
import { h, icon, replace } from '../dom';
import { counted } from '../format';
import { filterStrings as strings } from './filterStrings';

export interface FilterFieldOptions {
  /** Shown while the field is empty. */
  readonly hint: string;
  /** Whether a field of the language is offered; all are without it. */
  readonly offers?: (field: string) => boolean;
  readonly typed: (text: string) => void;
  /** Counts the values of fields in the rows. */
  readonly facets: (
    asked: PairEditorHost['requests']['facets']['params'],
    signal: AbortSignal,
  ) => Promise<readonly Facet[]>;
}

/** Most values of a field that are offered. */
const mostValues = 50;
const listId = 'filter-completions';
const errorId = 'filter-error';

/**
 * The field of the filter: a combobox that completes names of fields, parts of a row and values, and underlines what
 * cannot be read. No option is chosen until an arrow key chooses one, so Enter means the filter as it is.
 */
export class FilterField {
  readonly element: HTMLElement;
  /** What is wrong with the filter, to be placed below it. */
  readonly error = h('p', { id: errorId, class: 'banner bad filter-error', role: 'status' });
  private readonly input: HTMLInputElement;
  private readonly mirror = h('div', { class: 'query-mirror', aria: { hidden: 'true' } });
  private readonly list = h('div', {
    class: 'completions',
    id: listId,
    role: 'listbox',
    aria: { label: strings.fields },
  });
  private found: Completions = { start: 0, end: 0, options: [], field: null };
  private chosen = -1;
  private readonly values = new Map<string, readonly string[]>();
  /** By field, what is said of a value, by how it is written: how many rows have it. */
  private readonly counts = new Map<string, ReadonlyMap<string, string>>();
  /** The field whose values are counted just now. */
  private counting: { readonly field: string; readonly end: AbortController } | null = null;

  constructor(private readonly options: FilterFieldOptions) {
    this.input = h('input', { class: 'query-input', role: 'combobox' }) as HTMLInputElement;
    Object.assign(this.input, { type: 'text', placeholder: this.options.hint, spellcheck: false, autocomplete: 'off' });
    const aria = {
      label: strings.name,
      autocomplete: 'list',
      expanded: 'false',
      controls: listId,
      describedby: errorId,
    };
    for (const [name, value] of Object.entries(aria)) this.input.setAttribute(`aria-${name}`, value);
    this.input.addEventListener('input', () => this.changed());
    this.input.addEventListener('scroll', () => (this.mirror.scrollLeft = this.input.scrollLeft));
    this.input.addEventListener('blur', () => this.close());
    const help = h(
      'button',
      {
        class: 'link query-help',
        title: strings.showFields,
        aria: { label: strings.showFields },
        on: { click: () => this.showAll() },
      },
      icon('question'),
    );
    this.list.hidden = true;
    this.element = h(
      'div',
      { class: 'query' },
      icon('search'),
      h('div', { class: 'query-text' }, this.mirror, this.input),
      help,
      this.list,
    );
  }

  get value(): string {
    return this.input.value;
  }

  set value(text: string) {
    this.input.value = text;
    this.close();
    this.mark(null);
  }

  focus(): void {
    this.input.focus();
  }

  /** Underlines what is wrong and says it; null if nothing is. */
  mark(error: QueryError | null): void {
    const { value } = this.input;
    this.input.setAttribute('aria-invalid', String(error !== null));
    this.error.textContent = error ? error.message : '';
    if (!error) return replace(this.mirror);
    const end = Math.max(error.end, error.start + 1);
    const wrong = value.slice(error.start, end);
    replace(this.mirror, value.slice(0, error.start), h('span', { class: 'wrong' }, wrong === '' ? ' ' : wrong));
    this.mirror.scrollLeft = this.input.scrollLeft;
  }

  /** @returns whether the key was meant for the list of completions */
  key(event: KeyboardEvent): boolean {
    if (event.key === ' ' && event.ctrlKey) return this.showAll();
    if (this.list.hidden) return false;
    const { length } = this.found.options;
    switch (event.key) {
      case 'ArrowDown':
        return this.choose((this.chosen + 1) % length);
      case 'ArrowUp':
        return this.choose((this.chosen + length - (this.chosen < 0 ? 0 : 1)) % length);
      case 'Escape':
        return this.close();
      case 'Enter':
      case 'Tab': {
        const option = this.found.options[this.chosen];
        if (!option) {
          this.close();
          return false;
        }
        return this.accept(option);
      }
      default:
        return false;
    }
  }

  private changed(): void {
    this.complete(false);
    this.options.typed(this.input.value);
  }

  private showAll(): true {
    this.input.focus();
    return this.complete(true);
  }

  private complete(isAsked: boolean): true {
    const { value, selectionStart } = this.input;
    const known = (field: string): readonly string[] => this.values.get(field) ?? [];
    this.found = completionsAt(value, selectionStart ?? value.length, isAsked, known, this.options.offers);
    this.draw();
    const { field } = this.found;
    if (this.counting && this.counting.field !== field) this.stop();
    if (field !== null && isFacetField(field) && !this.values.has(field)) this.learn(field);
    return true;
  }

  /** Shows the counts of the first rows, while the others are counted. */
  soFar({ facets, share }: FacetsSoFar): void {
    const percent = `${Math.floor(share * 100)} %`;
    for (const facet of facets)
      if (facet.field === this.counting?.field) this.take(facet, (count) => strings.soFar(counted(count), percent));
  }

  /** Asks for the values of a field, and offers them if the person is still there. */
  private learn(field: string): void {
    this.values.set(field, []);
    const end = new AbortController();
    this.counting = { field, end };
    const over = (): void => {
      if (this.counting?.end === end) this.counting = null;
    };
    this.options.facets({ fields: [field], most: mostValues }, end.signal).then(
      (facets) => {
        over();
        for (const facet of facets) this.take(facet, counted);
      },
      () => {
        // Without the values, the person can still type one.
        if (this.counting?.end === end) this.values.delete(field);
        over();
      },
    );
  }

  /** Keeps the values of a field, and offers them; an option that an arrow key chose stays chosen. */
  private take({ field, values }: Facet, said: (count: number) => string): void {
    this.values.set(
      field,
      values.map(({ value }) => value),
    );
    this.counts.set(field, new Map(values.map(({ value, count }) => [writtenValue(value), said(count)])));
    if (document.activeElement !== this.input || this.found.field !== field) return;
    const chosen = this.found.options[this.chosen]?.text;
    this.complete(false);
    const place = this.found.options.findIndex(({ text }) => text === chosen);
    if (place >= 0) this.choose(place);
  }

  /** Ends the count of values. What was computed of the rows stays, so the next count goes on from there. */
  private stop(): void {
    if (!this.counting) return;
    const { field, end } = this.counting;
    this.counting = null;
    this.values.delete(field);
    end.abort();
  }

  private draw(): void {
    const { options, field } = this.found;
    const counts = field === null ? undefined : this.counts.get(field);
    this.chosen = -1;
    replace(
      this.list,
      ...options.map((option, i) =>
        h(
          'div',
          {
            class: 'completion',
            id: `${listId}-${i}`,
            role: 'option',
            aria: { selected: 'false' },
            on: { mousedown: (event) => (event.preventDefault(), this.accept(option)) },
          },
          h('b', {}, option.text),
          h('span', { class: 'muted' }, counts?.get(option.text) ?? option.help),
          h('code', {}, option.example),
        ),
      ),
    );
    this.list.hidden = options.length === 0;
    this.input.setAttribute('aria-expanded', String(!this.list.hidden));
    this.input.removeAttribute('aria-activedescendant');
  }

  private choose(index: number): true {
    this.list.children[this.chosen]?.setAttribute('aria-selected', 'false');
    this.chosen = index;
    const option = this.list.children[index];
    option?.setAttribute('aria-selected', 'true');
    option?.scrollIntoView({ block: 'nearest' });
    this.input.setAttribute('aria-activedescendant', `${listId}-${index}`);
    return true;
  }

  private accept({ text }: Completion): true {
    const { start, end } = this.found;
    this.input.setRangeText(text, start, end, 'end');
    this.changed();
    return true;
  }

  private close(): true {
    this.stop();
    this.found = { ...this.found, options: [] };
    this.draw();
    return true;
  }
}
