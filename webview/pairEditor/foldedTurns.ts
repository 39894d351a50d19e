import { h, icon, replace } from '../shared/dom';
import { counted } from '../shared/format';
import { strings } from './strings';

/** A text with more characters or more lines can be folded: it is higher than most windows. */
const mostCharacters = 2000;
const mostLines = 30;

/** Remembers which long turns of the shown row are folded, so that a person can reach the turns after them. */
export class FoldedTurns {
  private readonly folded = new Set<string>();

  /** Called for another row: its turns are unfolded. */
  clear(): void {
    this.folded.clear();
  }

  /**
   * The body of a turn, below a button that folds it if its text is long.
   *
   * @param id unique within the row
   */
  wrap(id: string, content: string, body: HTMLElement): HTMLElement {
    if (content.length <= mostCharacters && content.split('\n', mostLines + 1).length <= mostLines) return body;
    const toggle = h('button', { class: 'link fold' });
    const element = h('div', { class: 'foldable' }, toggle, body);
    const draw = (): void => {
      const isFolded = this.folded.has(id);
      element.classList.toggle('folded', isFolded);
      toggle.setAttribute('aria-expanded', String(!isFolded));
      const say = isFolded ? strings.unfold : strings.fold;
      replace(toggle, icon(isFolded ? 'chevron-right' : 'chevron-down'), ` ${say(counted(content.length))}`);
    };
    toggle.addEventListener('click', () => {
      if (!this.folded.delete(id)) this.folded.add(id);
      draw();
    });
    draw();
    return element;
  }
}
