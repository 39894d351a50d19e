import type { PairsQuery, ScoredRun } from '../../../src/protocol/runPanel';
import { dropdown } from '../../shared/controls';
import { h, icon, replace } from '../../shared/dom';
import { FilterBox } from '../../shared/filter/filterBox';
import { strings } from '../strings';
import { pairStrings } from './pairStrings';

/** The fields that a run knows of its pairs without their texts. */
const offered: ReadonlySet<string> = new Set([
  ...['line', 'margin', 'margin.before', 'margin.delta', 'flipped', 'rank', 'rank.delta', 'reward', 'logp'],
  ...['logp.token', 'kl', 'gap.tokens', 'group', 'suspect', 'suspected'],
]);

export interface BarActions {
  readonly filter: (text: string) => void;
  readonly leave: () => void;
  readonly step: (step: number) => void;
  readonly before: (compared: Compared) => void;
  readonly editor: () => void;
  readonly save: () => void;
}

/** What margins are compared with: a step of this run or of another one, or the start. */
export type Compared = Pick<PairsQuery, 'before' | 'beforeRun'>;

/** Which rewards are shown. */
export interface Measured extends Compared {
  readonly steps: readonly number[];
  readonly best: number | null;
  readonly step: number;
  readonly startsAsReference: boolean;
  readonly others: readonly ScoredRun[];
}

/** The filter, the shown step and what it is compared with, and what can be done with the shown pairs. */
export class PairsBar {
  readonly elements: readonly HTMLElement[];
  private readonly box: FilterBox;
  private readonly choices = h('span', { class: 'pairs-choices' });
  private drawn = '';

  constructor(private readonly actions: BarActions) {
    const { filter, leave } = actions;
    const facets = (): Promise<[]> => Promise.resolve([]);
    this.box = new FilterBox({
      hint: pairStrings.filter,
      offers: (field) => offered.has(field),
      filter,
      leave,
      facets,
    });
    const link = (name: string, label: string, title: string, click: () => void): HTMLElement =>
      h(
        'button',
        { class: 'link', title, aria: { label }, on: { click } },
        icon(name),
        h('span', { class: 'label' }, label),
      );
    this.elements = [
      h(
        'div',
        { class: 'bar summary' },
        this.box.element,
        h('span', { class: 'grow' }),
        this.choices,
        link('go-to-file', pairStrings.editor, pairStrings.editorTitle, actions.editor),
        link('save', pairStrings.export, pairStrings.exportTitle, actions.save),
      ),
      this.box.error,
    ];
  }

  /** Shows the filter of the view. While the person types, the field stays as it is. */
  setFilter(text: string): void {
    if (this.box.value !== text) this.box.set(text);
  }

  /** Shows a filter and uses it. */
  apply(text: string): void {
    this.box.apply(text);
  }

  complain(message: string): void {
    this.box.complain(message);
  }

  /** Draws the choices only when they change, because a redraw closes an open list. */
  show(measured: Measured): void {
    const drawn = JSON.stringify(measured);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const { steps, best, step, before, beforeRun, startsAsReference, others: runs } = measured;
    const { pairs: words } = strings;
    const labelOf = (one: number): string => (one === 0 ? words.before : strings.stepChoice(one, best));
    const shown = steps.map((one) => ({ id: String(one), label: labelOf(one) }));
    const start = startsAsReference ? words.startIsReference : words.before;
    const others = steps
      .filter((one) => one !== 0 && one !== step)
      .map((one) => ({ id: String(one), label: labelOf(one) }));
    const ofRuns = runs.map(({ folder, name, step: last }) => ({ id: folder, label: pairStrings.ofRun(name, last) }));
    const compared = [{ id: '', label: start }, ...others, ...ofRuns];
    const choose = (id: string): void => {
      const run = runs.find(({ folder }) => folder === id);
      if (run) this.actions.before({ before: run.step, beforeRun: run.folder });
      else this.actions.before({ before: id === '' ? null : Number(id), beforeRun: null });
    };
    replace(
      this.choices,
      h('span', { class: 'muted wide' }, words.scoredAt),
      dropdown(words.scoredAt, shown, String(step), (id) => this.actions.step(Number(id))),
      h(
        'span',
        { class: 'muted wide', ...(startsAsReference && { title: words.startIsReferenceHelp }) },
        pairStrings.against,
      ),
      dropdown(pairStrings.against, compared, beforeRun ?? (before === null ? '' : String(before)), choose),
    );
  }
}

/** What margins are compared with, if it is still there; else the start. */
export function comparedIn(
  { before, beforeRun }: Compared,
  steps: readonly number[],
  runs: readonly ScoredRun[],
): Compared {
  const isThere =
    beforeRun === null
      ? before !== null && steps.includes(before)
      : runs.some((run) => run.folder === beforeRun && run.step === before);
  return isThere ? { before, beforeRun } : { before: null, beforeRun: null };
}
