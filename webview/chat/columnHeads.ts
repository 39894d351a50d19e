import type { ChatColumn } from '../../src/protocol/chat';
import { dropdown } from '../shared/controls';
import { h, icon, replace } from '../shared/dom';
import { option } from './fields';
import { strings } from './strings';

export interface ColumnActions {
  choose(column: number): void;
  step(column: number, step: number | null): void;
  remove(column: number): void;
  stopOpening(): void;
}

const otherId = 'other';
const idOf = (step: number | null): string => (step === null ? 'base' : String(step));

/** Which models answer, with what is wrong with them, and ways to others. */
export class ColumnHeads {
  readonly element = h('div', { class: 'heads' });
  private drawn = '';

  constructor(private readonly actions: ColumnActions) {}

  draw(columns: readonly ChatColumn[]): void {
    const shown = JSON.stringify(columns);
    if (shown === this.drawn) return;
    this.drawn = shown;
    this.element.className = `heads columns-${columns.length}`;
    const heads = columns.map((column) => this.head(column, columns.length > 1));
    replace(this.element, ...heads);
  }

  private head(column: ChatColumn, isRemovable: boolean): HTMLElement {
    const { id, label, detail, state, problem, hasTemplate } = column;
    const remove = h(
      'button',
      {
        class: 'option',
        title: strings.remove(label),
        aria: { label: strings.remove(label) },
        on: { click: () => this.actions.remove(id) },
      },
      icon('close'),
    );
    return h(
      'div',
      { class: 'column-head', role: 'group', aria: { label } },
      h('div', { class: 'column-name' }, this.chooser(column), isRemovable ? remove : null),
      h('div', { class: 'muted clip', title: detail }, detail),
      state === 'opening' ? this.opening() : null,
      state === 'closed' ? h('div', { class: 'muted' }, strings.closed) : null,
      problem === null ? null : h('div', { class: 'bad problem' }, problem),
      state === 'open' && !hasTemplate
        ? h('div', { class: 'warn', title: strings.noTemplateTitle }, strings.noTemplate)
        : null,
    );
  }

  private opening(): HTMLElement {
    const stop = option(strings.stop, strings.stopOpening, () => this.actions.stopOpening());
    return h('div', { class: 'opening' }, h('span', { class: 'muted pulse' }, strings.opening), ' ', stop);
  }

  /** The steps of a run as a list; for another model its name, and a button. */
  private chooser({ id, label, detail, steps, step }: ChatColumn): HTMLElement {
    const { choose, step: take } = this.actions;
    if (steps.length === 0) {
      const other = option(strings.change, strings.changeTitle(label), () => choose(id));
      return h('span', { class: 'plain-model' }, h('b', { class: 'clip', title: label }, label), other);
    }
    const choices = [
      ...steps.map((one) => ({ id: idOf(one.step), label: one.label })),
      { id: otherId, label: strings.change },
    ];
    const list = dropdown(strings.step(detail), choices, idOf(step), (chosen) => {
      if (chosen !== otherId) return take(id, chosen === 'base' ? null : Number(chosen));
      // The list shows the model that answers until there is another one.
      (list as HTMLElement & { value: string }).value = idOf(step);
      choose(id);
    });
    return list;
  }
}
