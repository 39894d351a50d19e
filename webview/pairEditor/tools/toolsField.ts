import type { RowTools } from '../../../src/pairs/tools/rowTools';
import { toolsMistakes, type ToolsMistake } from '../../../src/pairs/tools/toolsMistakes';
import { h, icon, replace } from '../../shared/dom';
import { onFieldKey } from '../fieldKey';
import type { OpenField } from '../rowFields';
import { toolStrings } from './toolStrings';

/** What stays while other rows are shown. */
export interface ToolsMemory {
  /** Texts that could not be written yet, by the place of their row. */
  readonly drafts: Map<string, string>;
  isUnfolded: boolean;
}

export interface ToolsFieldOptions {
  readonly tools: RowTools;
  /** Whether it is only shown. */
  readonly fixed: boolean;
  readonly memory: ToolsMemory;
  /** Names the row among the drafts. */
  readonly place: string;
  readonly opened: (field: ToolsField) => void;
  /** Called when the field closes; null if the row stays as it is. */
  readonly closed: (text: string | null) => void;
  /** Called for Ctrl+S, after `closed`. */
  readonly save: () => void;
}

/** Most mistakes that are listed. */
const mostListed = 5;

/** What a person begins with who adds tools. */
const first = {
  type: 'function',
  function: { name: '', description: '', parameters: { type: 'object', properties: {}, required: [] } },
};
const template = JSON.stringify([first], null, 2);

/**
 * The tools of a row: their names, which unfold to JSON, which becomes a text field. Mistakes are listed with their
 * places while a person types. A text that is not a list in JSON stays as a draft beside the row.
 */
export class ToolsField implements OpenField {
  readonly element = h('details', { class: 'tools' }) as HTMLDetailsElement;
  private readonly field = document.createElement('textarea');
  private readonly mistakes = h('div', { class: 'tools-mistakes', role: 'status' });
  private isOpen = false;

  constructor(private readonly options: ToolsFieldOptions) {
    this.field.className = 'text tools-text';
    this.field.spellcheck = false;
    this.field.setAttribute('aria-label', toolStrings.label);
    this.field.addEventListener('input', () => this.typed());
    this.field.addEventListener('keydown', (event) =>
      onFieldKey(event, { finish: () => this.finish(), save: options.save }),
    );
    this.element.addEventListener('focusout', ({ relatedTarget }) => {
      // The list of mistakes is part of the field.
      if (!(relatedTarget instanceof Node && this.element.contains(relatedTarget))) this.finish();
    });
    this.element.open = options.memory.isUnfolded;
    this.element.addEventListener('toggle', () => (options.memory.isUnfolded = this.element.open));
    this.draw();
  }

  /** Why the tools of the row are not edited; null if they are. */
  get refusal(): string | null {
    return this.options.tools.refusal;
  }

  begin(): void {
    const { tools, fixed } = this.options;
    if (this.isOpen || fixed || tools.refusal !== null) return;
    this.field.value = this.draft ?? (tools.text === '' ? template : tools.text);
    this.element.hidden = false;
    this.element.open = true;
    const note = [toolStrings.hint, ...(tools.asText ? [toolStrings.keptAsText] : [])].join(' ');
    replace(this.element, this.summary(), this.field, this.mistakes, h('p', { class: 'muted' }, note));
    this.typed();
    this.field.focus();
    // Only now: the text that is replaced may have lost the focus, which closes an open field.
    this.isOpen = true;
    const name = tools.text === '' ? template.indexOf('""') + 1 : 0;
    this.field.setSelectionRange(name, name);
    this.options.opened(this);
  }

  finish(): void {
    if (!this.isOpen) return;
    const { tools, place, closed } = this.options;
    const { drafts } = this.options.memory;
    const text = this.field.value;
    const isSame = text === tools.text || (tools.text === '' && text === template);
    const stops = toolsMistakes(text, tools.asText).some((mistake) => mistake.stops);
    this.isOpen = false;
    if (isSame || !stops) drafts.delete(place);
    else drafts.set(place, text);
    const isFocused = this.element.contains(document.activeElement);
    this.draw();
    if (isFocused) this.element.querySelector<HTMLElement>('summary')?.focus();
    closed(isSame || stops ? null : text);
  }

  private get draft(): string | undefined {
    return this.options.memory.drafts.get(this.options.place);
  }

  /** Draws the field while it is closed. */
  private draw(): void {
    const { tools, fixed } = this.options;
    const { draft } = this;
    this.element.hidden = tools.text === '' && draft === undefined;
    if (draft !== undefined) this.element.open = true;
    const aria = { label: toolStrings.edit };
    const shown = fixed || tools.refusal !== null ? {} : { role: 'button', tabIndex: 0, aria };
    const on = {
      click: () => window.getSelection()?.isCollapsed !== false && this.begin(),
      keydown: (event: Event) => this.opens(event),
    };
    const text = h('div', { class: 'text tools-text', ...shown, on }, draft ?? tools.text);
    replace(this.element, this.summary(), text, draft === undefined ? null : this.unsaved(draft));
  }

  private summary(): HTMLElement {
    return h(
      'summary',
      { class: 'muted', id: 'tools' },
      icon('tools'),
      ` ${toolStrings.summary(this.options.tools.names)}`,
    );
  }

  private unsaved(draft: string): HTMLElement {
    const [mistake] = toolsMistakes(draft, this.options.tools.asText);
    const why = mistake ? ` ${toolStrings.place(mistake.line, mistake.column, mistake.message)}` : '';
    const discard = (): void => {
      this.options.memory.drafts.delete(this.options.place);
      this.draw();
    };
    const link = (label: string, click: () => void): HTMLElement =>
      h('button', { class: 'link', on: { click } }, label);
    const buttons = [link(toolStrings.resume, () => this.begin()), link(toolStrings.discard, discard)];
    const all = h('span', { class: 'problem-actions' }, ...buttons);
    return h('p', { class: 'problem bad' }, icon('error'), ` ${toolStrings.unsaved}${why} `, all);
  }

  private typed(): void {
    this.field.style.height = '0';
    this.field.style.height = `${this.field.scrollHeight + 2}px`;
    const found = toolsMistakes(this.field.value, this.options.tools.asText);
    const more = found.length - mostListed;
    const rest = more > 0 ? h('p', { class: 'muted' }, toolStrings.more(more)) : null;
    replace(this.mistakes, ...found.slice(0, mostListed).map((mistake) => this.mistake(mistake)), rest);
    this.field.setAttribute('aria-invalid', String(found.length > 0));
  }

  /** A mistake as a button that selects its place. */
  private mistake({ message, line, column, start, end, stops }: ToolsMistake): HTMLElement {
    const go = (): void => {
      this.field.focus();
      this.field.setSelectionRange(start, end);
    };
    const text = toolStrings.place(line, column, message);
    const link = h('button', { class: 'link', on: { click: go } }, text);
    return h('p', { class: `problem ${stops ? 'bad' : 'warn'}` }, icon(stops ? 'error' : 'warning'), ' ', link);
  }

  private opens(event: Event): void {
    if (!(event instanceof KeyboardEvent) || (event.key !== 'Enter' && event.key !== 'F2')) return;
    event.preventDefault();
    event.stopPropagation();
    this.begin();
  }
}
