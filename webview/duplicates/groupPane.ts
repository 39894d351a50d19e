import { at } from '../../src/base/pure/must';
import { wordDiff } from '../../src/pairs/wordDiff';
import type { DuplicatesState, GroupRow, GroupSummary, RowPart } from '../../src/protocol/duplicates';
import { button } from '../shared/controls';
import { h, replace } from '../shared/dom';
import { strings } from './strings';

export interface GroupPaneOptions {
  readonly keep: (row: number) => void;
  readonly keepAll: () => void;
  readonly reveal: (row: number) => void;
}

/** The rows of a group side by side. The words in which a row differs from the first one are marked. */
export class GroupPane {
  readonly element = h('main', { class: 'group' });

  constructor(private readonly options: GroupPaneOptions) {}

  show(group: GroupSummary, rows: readonly GroupRow[], { unit, fixed }: DuplicatesState): void {
    const first = at(rows, 0);
    const others = group.rows.length - 1;
    const keepAll = button({ label: strings.keepAll, icon: 'check-all', onClick: this.options.keepAll });
    const head = h('div', { class: 'group-head' }, h('span', {}, strings.kinds[group.kind]), keepAll);
    const cards = rows.map((row, i) => {
      // Of two rows, both show what differs. Of more, each shows what differs from the first.
      const compared = i > 0 ? first : rows.length === 2 ? at(rows, 1) : null;
      return this.card(row, compared, { unit, others, number: i + 1, isFixed: fixed !== null });
    });
    const hidden = group.rows.length - rows.length;
    const note = hidden > 0 ? h('p', { class: 'muted' }, strings.moreRows(hidden)) : null;
    replace(this.element, head, h('div', { class: 'cards' }, ...cards), note);
    this.element.scrollTop = 0;
  }

  say(text: string): void {
    replace(this.element, h('p', { class: 'empty muted' }, text));
  }

  private card(row: GroupRow, compared: GroupRow | null, about: CardFacts): HTMLElement {
    const name = strings.number(about.unit, row.row);
    const show = h(
      'button',
      { class: 'link', title: strings.show, on: { click: () => this.options.reveal(row.row) } },
      name,
    );
    const key = about.number <= 9 ? h('kbd', {}, String(about.number)) : null;
    const keep = h(
      'button',
      { class: 'link action', on: { click: () => this.options.keep(row.row) } },
      strings.keep(about.others),
      key,
    );
    const parts = row.parts.map((part, i) => partOf(part, compared?.parts[i] ?? null));
    const head = h('header', {}, h('h2', {}, show), about.isFixed ? null : keep);
    return h('section', { class: 'card', aria: { label: name } }, head, ...parts);
  }
}

interface CardFacts {
  readonly unit: DuplicatesState['unit'];
  /** Other rows of the group. */
  readonly others: number;
  /** From 1. */
  readonly number: number;
  readonly isFixed: boolean;
}

/** A text, with the words marked that the same text of another row does not have. */
function partOf({ name, text, more }: RowPart, other: RowPart | null): HTMLElement {
  const rest = more > 0 ? h('p', { class: 'muted' }, strings.more(more)) : null;
  const isSame = other !== null && other.name === name && other.text === text;
  const runs = other !== null && other.name === name && !isSame ? wordDiff(text, other.text)?.chosen : undefined;
  const shown = runs ? runs.map((run) => (run.kind === 'same' ? run.text : h('mark', {}, run.text))) : [text];
  const title = h('h3', { class: name }, name, isSame ? h('span', { class: 'muted' }, ` · ${strings.same}`) : null);
  return h('div', { class: 'part' }, title, h('div', { class: 'part-text', dir: 'auto' }, ...shown), rest);
}
