import { dropdown } from '../../shared/controls';
import { h, icon, replace } from '../../shared/dom';
import { FilterBox } from '../../shared/filter/filterBox';
import { strings } from '../strings';
import { pairStrings } from './pairStrings';

/** The fields that a run knows of its pairs without their texts. */
const offered: ReadonlySet<string> = new Set([
  ...['line', 'margin', 'margin.before', 'margin.delta', 'flipped', 'rank', 'rank.delta', 'reward', 'logp'],
  ...['logp.token', 'gap.tokens', 'group', 'suspect', 'suspected'],
]);

export interface BarActions {
  readonly filter: (text: string) => void;
  readonly leave: () => void;
  readonly step: (step: number) => void;
  /** null: the start of the run. */
  readonly before: (step: number | null) => void;
  readonly editor: () => void;
  readonly save: () => void;
}

/** Which rewards are shown. */
export interface Measured {
  readonly steps: readonly number[];
  readonly best: number | null;
  readonly step: number;
  readonly before: number | null;
  readonly startsAsReference: boolean;
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
    const { steps, best, step, before, startsAsReference } = measured;
    const { pairs: words } = strings;
    const labelOf = (one: number): string => (one === 0 ? words.before : strings.stepChoice(one, best));
    const shown = steps.map((one) => ({ id: String(one), label: labelOf(one) }));
    const start = startsAsReference ? words.startIsReference : words.before;
    const others = steps
      .filter((one) => one !== 0 && one !== step)
      .map((one) => ({ id: String(one), label: labelOf(one) }));
    const compared = [{ id: '', label: start }, ...others];
    replace(
      this.choices,
      h('span', { class: 'muted wide' }, words.scoredAt),
      dropdown(words.scoredAt, shown, String(step), (id) => this.actions.step(Number(id))),
      h(
        'span',
        { class: 'muted wide', ...(startsAsReference && { title: words.startIsReferenceHelp }) },
        pairStrings.against,
      ),
      dropdown(pairStrings.against, compared, before === null ? '' : String(before), (id) =>
        this.actions.before(id === '' ? null : Number(id)),
      ),
    );
  }
}
