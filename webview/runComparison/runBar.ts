import type { RunRow } from '../../src/protocol/runComparison';
import { h, replace } from '../shared/dom';
import { strings } from './strings';

export interface RunBarActions {
  readonly toggle: (runs: readonly RunRow[]) => void;
  readonly baseline: (run: RunRow) => void;
  readonly tags: (runs: readonly RunRow[]) => void;
  readonly note: (run: RunRow) => void;
  readonly open: (run: RunRow) => void;
  /** Takes a run of another program out of the view. */
  readonly remove: (run: RunRow) => void;
}

/** What can be done with the selected runs, each with its key. Below it, what cannot be read of the run. */
export class RunBar {
  readonly element = h('div', { class: 'run-bar' });
  private readonly buttons = h('div', { class: 'foot run-actions', role: 'toolbar', aria: { label: strings.table } });
  private readonly problems = h('p', { class: 'warn problems' });
  private runs: readonly RunRow[] = [];

  constructor(private readonly actions: RunBarActions) {
    replace(this.element, this.buttons, this.problems);
  }

  draw(selected: readonly RunRow[], isShown: boolean): void {
    this.runs = selected;
    const [run] = selected;
    const said = selected.flatMap(({ problem, remarks }) => (problem === null ? remarks : [problem]));
    this.problems.textContent = said.join('\n');
    this.problems.hidden = said.length === 0;
    const usable = selected.filter(({ problem }) => problem === null);
    this.buttons.hidden = run === undefined || usable.length === 0;
    if (run === undefined) return;
    const { keys } = strings;
    const focused = this.buttons.contains(document.activeElement) ? document.activeElement?.id : null;
    const isOther = selected.some(({ program }) => program !== null);
    const one = usable.length === 1 && !isOther;
    replace(
      this.buttons,
      this.button('show', isShown ? keys.hide : keys.show, 'Space', () => this.actions.toggle(usable)),
      one ? this.button('baseline', run.baseline ? keys.notBaseline : keys.baseline, 'B', () => this.act('b')) : null,
      isOther ? null : this.button('tags', keys.tags, 'T', () => this.act('t')),
      one ? this.button('note', keys.note, 'N', () => this.act('n')) : null,
      one ? this.button('open', keys.open, 'Enter', () => this.actions.open(run)) : null,
      isOther && usable.length === 1 ? this.button('remove', keys.remove, 'R', () => this.act('r')) : null,
    );
    if (focused) document.getElementById(focused)?.focus();
  }

  /** Does what a key of the table means. @returns whether it means something */
  act(key: string): boolean {
    const usable = this.runs.filter(({ problem }) => problem === null);
    const [run] = usable;
    if (!run) return false;
    if (usable.some(({ program }) => program !== null)) return usable.length === 1 && key === 'r' && this.remove(run);
    if (key === 't') this.actions.tags(usable);
    else if (usable.length > 1) return false;
    else if (key === 'b') this.actions.baseline(run);
    else if (key === 'n') this.actions.note(run);
    else return false;
    return true;
  }

  private remove(run: RunRow): true {
    this.actions.remove(run);
    return true;
  }

  private button(id: string, label: string, key: string, click: () => void): HTMLElement {
    return h('button', { class: 'option', id: `run-${id}`, on: { click } }, label, h('kbd', {}, key));
  }
}
