import { at } from '../../src/base/pure/must';
import { h, icon, replace } from '../shared/dom';
import { MenuButton } from '../shared/menuButton';
import { strings } from './strings';
import { axes, tabs, type Tab, type ViewState } from './viewState';

const smoothings = [0, 0.6, 0.9];

export interface HeaderActions {
  readonly filter: (text: string) => void;
  readonly columns: () => void;
  readonly others: () => void;
  readonly change: (part: Partial<ViewState>) => void;
  readonly save: (kind: 'csv' | 'svg' | 'png') => void;
}

/** The name of the view, how many runs it shows, the filter, and what the table shows. */
export class Header {
  readonly element = h('div', { class: 'bar' });
  private readonly count = h('span', { class: 'muted', role: 'status' });
  private readonly field = document.createElement('input');

  constructor(actions: HeaderActions) {
    const { field } = this;
    field.type = 'search';
    field.className = 'filter-runs';
    field.placeholder = strings.filterHint;
    field.setAttribute('aria-label', strings.filter);
    field.addEventListener('input', () => actions.filter(field.value));
    const option = (label: string, title: string, click: () => void): HTMLElement =>
      h('button', { class: 'option', title, on: { click } }, label);
    const others = option(strings.others, strings.othersTitle, () => actions.others());
    const columns = option(strings.columns, strings.columnsTitle, () => actions.columns());
    replace(this.element, h('b', {}, strings.title), this.count, h('span', { class: 'grow' }), field, others, columns);
  }

  draw(shown: number, all: number, filter: string): void {
    this.count.textContent = strings.shown(shown, all);
    if (this.field.value !== filter) this.field.value = filter;
  }
}

/** The tabs below the table, and what the curves show. */
export class TabBar {
  readonly element = h('div', { class: 'bar tab-bar' });
  private readonly list = h('div', { class: 'tab-list', role: 'tablist' });
  private readonly options = h('div', { class: 'options', role: 'toolbar', aria: { label: strings.tabs.curves } });
  private readonly more = new MenuButton(strings.saveTitle, () =>
    (['csv', 'svg', 'png'] as const).map((kind) => ({
      label: strings.save[kind],
      kind: 'action',
      choose: () => this.actions.save(kind),
    })),
  );

  constructor(private readonly actions: HeaderActions) {
    this.more.label(icon('ellipsis'), strings.saveTitle);
    // It is never drawn again: a run that trains would close the open menu.
    replace(this.element, this.list, h('span', { class: 'grow' }), this.options, this.more.element);
  }

  draw(state: Pick<ViewState, 'tab' | 'x' | 'smoothing' | 'logY'>): void {
    const focused = this.element.contains(document.activeElement) ? document.activeElement?.id : null;
    replace(this.list, ...tabs.map((tab) => this.tab(tab, state.tab)));
    this.options.hidden = state.tab !== 'curves';
    this.more.element.hidden = state.tab !== 'curves';
    const next = <T>(all: readonly T[], now: T): T => at(all, (all.indexOf(now) + 1) % all.length);
    const { x, smoothing, logY } = state;
    const option = (
      id: string,
      label: string,
      title: string,
      part: Partial<ViewState>,
      pressed?: boolean,
    ): HTMLElement =>
      h(
        'button',
        {
          class: 'option',
          id,
          title,
          aria: pressed === undefined ? {} : { pressed: String(pressed) },
          on: { click: () => this.actions.change(part) },
        },
        label,
      );
    replace(
      this.options,
      option('option-x', `x: ${strings.axes[x]}`, strings.x, { x: next(axes, x) }),
      option('option-smoothing', strings.smoothing(smoothing), strings.smoothingTitle, {
        smoothing: next(smoothings, smoothing),
      }),
      option('option-log', strings.logY, strings.logYTitle, { logY: !logY }, logY),
    );
    if (focused) document.getElementById(focused)?.focus();
  }

  private tab(tab: Tab, shown: Tab): HTMLElement {
    const isShown = tab === shown;
    return h(
      'button',
      {
        class: isShown ? 'tab active' : 'tab',
        id: `tab-${tab}`,
        role: 'tab',
        tabIndex: isShown ? 0 : -1,
        aria: { selected: String(isShown), controls: 'pane' },
        on: { click: () => this.actions.change({ tab }), keydown: (event) => this.key(event, tab) },
      },
      strings.tabs[tab],
    );
  }

  private key(event: Event, tab: Tab): void {
    if (!(event instanceof KeyboardEvent) || event.ctrlKey || event.altKey || event.metaKey) return;
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = at(tabs, (tabs.indexOf(tab) + step + tabs.length) % tabs.length);
    this.actions.change({ tab: next });
    document.getElementById(`tab-${next}`)?.focus();
  }
}
