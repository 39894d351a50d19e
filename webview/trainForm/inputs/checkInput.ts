import type { KeyState } from '../../../src/run/formTypes';
import { h } from '../../shared/dom';
import { strings } from '../strings';
import { appliedJson, type Control, type ControlOptions } from './control';

/** True or false. */
export class CheckInput implements Control {
  private readonly box = document.createElement('input');
  private readonly word = h('span', { aria: { hidden: 'true' } });
  readonly element = h('span', { class: 'check' }, this.box, this.word);

  constructor({ id, describedBy, changed }: ControlOptions) {
    this.box.type = 'checkbox';
    this.box.id = id;
    this.box.setAttribute('aria-describedby', describedBy);
    this.box.addEventListener('change', () => changed(String(this.box.checked)));
  }

  show(state: KeyState): void {
    const json = appliedJson(state);
    this.box.checked = json === 'true';
    // A value of the file that is neither true nor false is shown as it is.
    this.word.textContent = json === 'true' ? strings.isTrue : json === 'false' ? strings.isFalse : json;
  }

  mark(isInvalid: boolean): void {
    this.box.setAttribute('aria-invalid', String(isInvalid));
  }

  focus(): void {
    this.box.focus();
  }
}
