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

export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeDropdown(), vsCodeOption(), vsCodeTextField());
}

export interface ButtonOptions {
  readonly label: string;
  readonly icon?: string;
  readonly primary?: boolean;
  readonly title?: string;
  readonly onClick: () => void;
}

export function button({ label, icon: name, primary = false, title, onClick }: ButtonOptions): HTMLElement {
  const children: Child[] = [name === undefined ? null : icon(name), label];
  const element = h(
    'vscode-button',
    { ...(title === undefined ? {} : { title }), on: { click: onClick } },
    ...children,
  );
  element.setAttribute('appearance', primary ? 'primary' : 'secondary');
  return element;
}

export function textField(placeholder: string, onInput: (value: string) => void): HTMLElement & { value: string } {
  const element = h('vscode-text-field', { aria: { label: placeholder } }) as HTMLElement & { value: string };
  element.setAttribute('placeholder', placeholder);
  element.addEventListener('input', () => onInput(element.value));
  return element;
}

export interface Choice {
  readonly id: string;
  readonly label: string;
}

export function dropdown(
  label: string,
  choices: readonly Choice[],
  chosen: string,
  onChange: (id: string) => void,
): HTMLElement {
  const options = choices.map(({ id, label: text }) => {
    const option = h('vscode-option', {}, text);
    option.setAttribute('value', id);
    if (id === chosen) option.setAttribute('selected', '');
    return option;
  });
  const element = h('vscode-dropdown', { aria: { label } }, ...options) as HTMLElement & { value: string };
  element.addEventListener('change', () => onChange(element.value));
  return element;
}
