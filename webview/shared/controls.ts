import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { h, icon, type Child } from './dom';

/*
 * The controls of all views. Only this file knows the toolkit, whose repository is archived, so that another toolkit
 * can replace it without other changes.
 */

/** Makes the toolkit's elements known to the page. Call it once, before the others. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeDropdown(), vsCodeOption(), vsCodeTextField());
}

export interface ButtonOptions {
  readonly label: string;
  readonly icon?: string;
  readonly primary?: boolean;
  readonly title?: string;
  /** Where no Node is, the button is hidden. */
  readonly needsNode?: boolean;
  readonly onClick: () => void;
}

/** A button with a label, or with an icon and a label. In the bar of a very narrow view the icon stands alone. */
export function button(options: ButtonOptions): HTMLElement {
  const { label, icon: name, primary = false, title = label, needsNode = false, onClick } = options;
  const children: Child[] = name === undefined ? [label] : [icon(name), h('span', { class: 'label' }, label)];
  const element = h('vscode-button', { title, on: { click: onClick } }, ...children);
  element.setAttribute('appearance', primary ? 'primary' : 'secondary');
  element.classList.toggle('needs-node', needsNode);
  return element;
}

/**
 * A field for a number above 0. `onChange` gets it when the person leaves the field or presses Enter; another text is
 * marked and not taken. Keys belong to the field, not to the view.
 */
export function numberField(label: string, value: number, onChange: (value: number) => void): HTMLElement {
  const element = labelledField(label);
  element.setAttribute('value', String(value));
  const read = (): number | null => {
    const number = Number(element.value.trim().replace(',', '.'));
    return Number.isFinite(number) && number > 0 ? number : null;
  };
  element.addEventListener('input', () => element.classList.toggle('invalid', read() === null));
  element.addEventListener('change', () => {
    const number = read();
    if (number !== null && number !== value) onChange(number);
  });
  element.addEventListener('keydown', (event) => {
    if (!/^F\d/.test(event.key) && event.key !== 'Tab') event.stopPropagation();
  });
  return element;
}

/** A text field with a name for screen readers. The toolkit names a field "Text field" when it comes into the page. */
function labelledField(label: string): HTMLElement & { value: string } {
  const element = h('vscode-text-field') as HTMLElement & { value: string };
  new MutationObserver((_, observer) => {
    observer.disconnect();
    element.setAttribute('aria-label', label);
  }).observe(element, { attributeFilter: ['aria-label'] });
  return element;
}

export interface Choice {
  readonly id: string;
  readonly label: string;
}

/** The value of a choice whose id is empty: the toolkit would show an option without a value whatever is chosen. */
const emptyId = ' ';

/** A drop-down list. */
export function dropdown(
  label: string,
  choices: readonly Choice[],
  chosen: string,
  onChange: (id: string) => void,
): HTMLElement {
  const options = choices.map(({ id, label: text }) => {
    const option = h('vscode-option', {}, text);
    option.setAttribute('value', id || emptyId);
    if (id === chosen) option.setAttribute('selected', '');
    return option;
  });
  const element = h('vscode-dropdown', { aria: { label } }, ...options) as HTMLElement & { value: string };
  element.addEventListener('change', () => onChange(element.value === emptyId ? '' : element.value));
  return element;
}
