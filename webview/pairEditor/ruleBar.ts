import { type PairRule, pairRuleNames, pairRuleTexts, type TieChoice, tieChoices } from '../../src/pairs/pairRule';
import type { ListsOverview } from '../../src/protocol/pairEditor';
import { type Choice, dropdown, numberField } from '../shared/controls';
import { h, refocus, replace } from '../shared/dom';
import { counted } from '../shared/format';
import { strings } from './strings';

/** The bar of a file with lists of answers: how they become pairs, and how many pairs each rule gives. */
export class RuleBar {
  readonly element = h('div', { class: 'bar rule', role: 'toolbar', aria: { label: strings.pairRule } });
  private drawn = '';
  private latest: ListsOverview | null = null;

  /** @param choose called when the person changes the rule */
  constructor(private readonly choose: (rule: PairRule) => void) {
    this.element.hidden = true;
    // A change that had to wait for an open list is drawn once the list may have closed.
    for (const event of ['click', 'keyup', 'focusout']) this.element.addEventListener(event, () => this.redraw());
  }

  draw(lists: ListsOverview | null): void {
    this.latest = lists;
    this.redraw();
  }

  /** Draws what has changed, but never under an open list, which would close, or a number that is being typed. */
  private redraw(): void {
    const { latest } = this;
    const wanted = JSON.stringify(latest);
    if (wanted === this.drawn || this.element.querySelector('vscode-dropdown[open]') || this.isTyping()) return;
    this.drawn = wanted;
    this.element.hidden = latest === null;
    const focused = this.element.contains(document.activeElement) ? document.activeElement?.id : undefined;
    replace(this.element, ...(latest ? this.content(latest) : []));
    if (focused) refocus(document.getElementById(focused));
  }

  private isTyping(): boolean {
    const { activeElement } = document;
    return activeElement?.id === 'rule-gap' && Number(valueOf(activeElement)) !== this.latest?.rule.gap;
  }

  private content({ rule, counts }: ListsOverview): (HTMLElement | null)[] {
    const rules = pairRuleNames.map((name): Choice => {
      const many = counts ? strings.pairs(counts.perRule[name], counted(counts.perRule[name])) : strings.counting;
      return { id: name, label: `${name} · ${many}` };
    });
    const ties = tieChoices.map((id): Choice => ({ id, label: strings.ties[id] }));
    const { choose } = this;
    const name = dropdown(strings.pairRule, rules, rule.name, (id) =>
      choose({ ...rule, name: named(id, pairRuleNames) }),
    );
    const gap = numberField(strings.gapField, rule.gap, (value) => choose({ ...rule, gap: value }));
    const tied = dropdown(strings.tiesField, ties, rule.ties, (id) => choose({ ...rule, ties: named(id, tieChoices) }));
    const note = this.note(rule, counts);
    return [
      labelled(strings.listsBecome, 'rule-name', name),
      rule.name === 'gap' ? labelled(strings.gap, 'rule-gap', gap) : null,
      labelled(strings.tiesAre, 'rule-ties', tied),
      h('span', { class: 'muted clip grow', title: note }, note),
    ];
  }

  /** What the rule does, and what it made from the lists. */
  private note({ name }: PairRule, counts: ListsOverview['counts']): string {
    const parts = [pairRuleTexts[name]];
    if (counts) parts.push(strings.lists(counts.rows, counted(counts.rows)));
    if (counts && counts.left > 0) parts.push(strings.withoutPair(counts.left, counted(counts.left)));
    if (counts && counts.ties > 0) parts.push(strings.tied(counts.ties, counted(counts.ties)));
    return parts.join(' · ');
  }
}

function valueOf(element: Element): unknown {
  return 'value' in element ? element.value : undefined;
}

/** A control with its label, which stay together where the bar needs two lines. The id keeps the focus. */
function labelled(label: string, id: string, control: HTMLElement): HTMLElement {
  control.id = id;
  return h('span', { class: 'labelled' }, h('span', { class: 'muted' }, label), control);
}

/** A value of a drop-down list, which holds nothing else. */
function named<T extends PairRule['name'] | TieChoice>(id: string, all: readonly T[]): T {
  const found = all.find((one) => one === id);
  if (found === undefined) throw new Error(`no choice is called ${id}`);
  return found;
}
