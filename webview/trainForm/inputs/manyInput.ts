import type { KeyState } from '../../../src/run/formTypes';
import { h, refocus } from '../../shared/dom';
import { strings } from '../strings';
import { chosenAfter, wordsOf } from '../values';
import { appliedJson, type Control, type ControlOptions } from './control';

/** One or several words; their order in the file stays. */
export class ManyInput implements Control {
  readonly element: HTMLElement;

  constructor(
    private readonly options: ControlOptions,
    private readonly words: readonly string[],
    private readonly texts: readonly string[],
  ) {
    this.element = h('div', {
      class: 'many',
      role: 'group',
      id: options.id,
      aria: { labelledby: options.labelledBy, describedby: options.describedBy },
    });
  }

  show(state: KeyState): void {
    const chosen = wordsOf(appliedJson(state));
    const all = [...this.words, ...chosen.filter((word) => !this.words.includes(word))];
    const { activeElement } = document;
    const focused = this.element.contains(activeElement) && activeElement ? activeElement.id : null;
    this.element.replaceChildren(...all.map((word, index) => this.box(word, index, chosen)));
    if (focused !== null) refocus(document.getElementById(focused));
  }

  mark(isInvalid: boolean): void {
    this.element.classList.toggle('invalid', isInvalid);
  }

  focus(): void {
    this.element.querySelector('input')?.focus();
  }

  private box(word: string, index: number, chosen: readonly string[]): HTMLElement {
    const box = document.createElement('input');
    box.type = 'checkbox';
    box.id = `${this.options.id}-${index}`;
    box.checked = chosen.includes(word);
    box.addEventListener('change', () => {
      const json = chosenAfter(chosen, word);
      this.options.mistaken(json === null ? strings.noChoice : null);
      if (json === null) box.checked = true;
      else this.options.changed(json);
    });
    // The last choice has stayed, so nothing is wrong any more.
    box.addEventListener('blur', () => this.options.mistaken(null));
    const place = chosen.length > 1 && box.checked ? ` (${chosen.indexOf(word) + 1})` : '';
    return h('label', { title: this.texts[index] ?? '' }, box, h('span', {}, word + place));
  }
}
