import type { KeyState } from '../../../src/run/formTypes';
import { h } from '../../shared/dom';
import { appliedJson, type Control, type ControlOptions } from './control';

/** A list of JSON values of which one applies. A value of the file that is not among them is shown too. */
export class ChoiceInput implements Control {
  readonly element = document.createElement('select');

  constructor(
    { id, describedBy, changed }: ControlOptions,
    /** JSON texts. */
    private readonly values: readonly string[],
  ) {
    this.element.id = id;
    this.element.className = 'choice-input';
    this.element.setAttribute('aria-describedby', describedBy);
    this.element.addEventListener('change', () => changed(this.element.value));
  }

  show(state: KeyState): void {
    const applied = JSON.stringify(JSON.parse(appliedJson(state)));
    const all = this.values.includes(applied) ? this.values : [...this.values, applied];
    this.element.replaceChildren(...all.map(option));
    this.element.value = applied;
  }

  mark(isInvalid: boolean): void {
    this.element.setAttribute('aria-invalid', String(isInvalid));
  }

  focus(): void {
    this.element.focus();
  }
}

function option(json: string): HTMLElement {
  const value: unknown = JSON.parse(json);
  const element = h('option', {}, typeof value === 'string' ? value : json);
  element.setAttribute('value', json);
  return element;
}
