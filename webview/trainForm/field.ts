import type { FormKey, KeyState } from '../../src/run/formTypes';
import { h, icon, replace } from '../shared/dom';
import { bringIntoView } from './bringIntoView';
import { helpText } from './helpText';
import type { Control } from './inputs/control';
import { controlFor } from './inputs/controlFor';
import { strings } from './strings';
import { shownText } from './values';

export interface FieldActions {
  /** @param json null leaves the key out of the file */
  readonly edit: (name: string, json: string | null) => void;
  readonly choosePath: (name: string) => void;
  /** The problem of the field has changed. */
  readonly checked: () => void;
}

/** A key of the config: its name, control, default, help and problem. */
export class Field {
  readonly element: HTMLElement;
  private readonly control: Control;
  private readonly mark = h('span', { class: 'mark' }, strings.changedMark);
  private readonly usual = h('span', { class: 'usual muted' });
  private readonly reset: HTMLElement;
  private readonly problem: HTMLElement;
  private mistake: string | null = null;
  private state: KeyState | null = null;

  constructor(
    readonly key: FormKey,
    private readonly actions: FieldActions,
  ) {
    const { name, text, expects } = key;
    const id = `key-${name}`;
    this.problem = h('p', { class: 'problem', id: `${id}-problem`, role: 'alert' });
    this.control = controlFor({
      id,
      key,
      labelledBy: `${id}-label`,
      describedBy: `${id}-help ${id}-problem`,
      changed: (json) => this.changed(json),
      mistaken: (mistake) => this.mistaken(mistake),
    });
    this.reset = h('button', { class: 'reset', on: { click: () => this.resetKey() } }, icon('discard'));
    const label = h('label', { class: 'name', id: `${id}-label`, title: expects }, name);
    label.setAttribute('for', id);
    this.element = h(
      'div',
      { class: 'field', id: `field-${name}` },
      h('div', { class: 'head' }, label, this.mark, this.usual, this.reset),
      h('div', { class: 'value' }, this.control.element, this.chooser()),
      h('p', { class: 'help', id: `${id}-help` }, ...helpText(text)),
      this.problem,
    );
  }

  get isChanged(): boolean {
    return this.state?.differs === true;
  }

  get hasProblem(): boolean {
    return this.mistake !== null || (this.state !== null && this.state.problem !== null);
  }

  show(state: KeyState): void {
    this.state = state;
    const { json, differs } = state;
    const usual = state.default === null ? null : shownText(this.key.type.kind, state.default) || strings.isNull;
    this.control.show(state);
    this.element.classList.toggle('changed', differs);
    this.mark.hidden = !differs;
    this.usual.textContent =
      usual === null ? strings.required : json !== null && !differs ? strings.isDefault : strings.defaultIs(usual);
    const canReset = json !== null && usual !== null;
    this.reset.hidden = !canReset;
    if (usual !== null) this.reset.title = strings.reset(this.key.name, usual);
    this.reset.setAttribute('aria-label', this.reset.title);
    this.drawProblem();
  }

  focus(): void {
    bringIntoView(this.element, 'center');
    this.control.focus();
  }

  private changed(json: string | null): void {
    this.mistake = null;
    this.actions.edit(this.key.name, json);
  }

  private resetKey(): void {
    this.changed(null);
    // The button goes away.
    this.control.focus();
  }

  private mistaken(mistake: string | null): void {
    if (mistake === this.mistake) return;
    this.mistake = mistake;
    this.drawProblem();
    this.actions.checked();
  }

  private drawProblem(): void {
    const text = this.mistake ?? this.state?.problem ?? null;
    const isSame = this.problem.textContent === (text ?? '');
    if (!isSame) replace(this.problem, ...(text === null ? [] : [icon('error'), text]));
    this.element.classList.toggle('invalid', text !== null);
    this.control.mark(text !== null);
  }

  private chooser(): HTMLElement | null {
    const { name, type } = this.key;
    if (type.kind !== 'path' && name !== 'target') return null;
    const text = name === 'model_name_or_path' ? strings.chooseModel : strings.choose;
    const choose = { click: () => this.actions.choosePath(name) };
    return h('button', { class: 'choose', aria: { label: strings.chooseFor(text, name) }, on: choose }, text);
  }
}
