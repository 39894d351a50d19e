import { searchFields, type SearchField, type TextSearch } from '../../../src/pairs/bulk/textSearch';
import { dropdown } from '../../shared/controls';
import { h, icon } from '../../shared/dom';
import { bulkStrings } from './bulkStrings';

type Toggle = 'matchCase' | 'wholeWord' | 'isRegex' | 'within';

const toggles: readonly (readonly [Toggle, string, string])[] = [
  ['matchCase', 'case-sensitive', bulkStrings.matchCase],
  ['wholeWord', 'whole-word', bulkStrings.wholeWord],
  ['isRegex', 'regex', bulkStrings.regex],
  ['within', 'list-selection', bulkStrings.within],
];

/** The field for what is looked for, with the buttons that say how, and the choice of a part of the rows. */
export class FindFields {
  readonly elements: readonly HTMLElement[];
  readonly input: HTMLInputElement;
  private readonly on = new Set<Toggle>();
  private readonly buttons = new Map<Toggle, HTMLElement>();
  private field: SearchField = 'all';

  /** @param changed called when anything is different now */
  constructor(private readonly changed: () => void) {
    this.input = textInput(bulkStrings.find, bulkStrings.findHint);
    this.input.addEventListener('input', changed);
    const buttons = toggles.map(([name, glyph, title]) => {
      const properties = { class: 'toggle', title, aria: { label: title, pressed: 'false' } };
      const button = h('button', { ...properties, on: { click: () => this.toggle(name) } }, icon(glyph));
      this.buttons.set(name, button);
      return button;
    });
    const choices = searchFields.map((id) => ({ id, label: bulkStrings.fields[id] }));
    const choose = dropdown(bulkStrings.field, choices, 'all', (id) => {
      this.field = searchFields.find((one) => one === id) ?? 'all';
      changed();
    });
    this.elements = [h('div', { class: 'query find' }, this.input, ...buttons), choose];
  }

  /** What is looked for; null if the field is empty. */
  get search(): TextSearch | null {
    const { on, field, input } = this;
    const [matchCase, wholeWord, isRegex] = [on.has('matchCase'), on.has('wholeWord'), on.has('isRegex')];
    return input.value === '' ? null : { text: input.value, isRegex, matchCase, wholeWord, field };
  }

  /** Whether only the selected rows are searched. */
  get isWithin(): boolean {
    return this.on.has('within');
  }

  /** @param on whether only the selected rows are searched */
  setWithin(on: boolean): void {
    this.press('within', on);
  }

  /** Marks a text that cannot be looked for. */
  mark(isInvalid: boolean): void {
    this.input.setAttribute('aria-invalid', String(isInvalid));
  }

  private toggle(name: Toggle): void {
    this.press(name, !this.on.has(name));
    this.changed();
  }

  private press(name: Toggle, on: boolean): void {
    if (on) this.on.add(name);
    else this.on.delete(name);
    const button = this.buttons.get(name);
    button?.setAttribute('aria-pressed', String(on));
    button?.classList.toggle('on', on);
  }
}

/** A text field of the panel. */
export function textInput(label: string, placeholder: string): HTMLInputElement {
  const input = document.createElement('input');
  Object.assign(input, { type: 'text', className: 'query-input', placeholder, spellcheck: false, autocomplete: 'off' });
  input.setAttribute('aria-label', label);
  return input;
}
