import type { Scope, StatisticsState } from '../../src/protocol/statistics';
import { h, replace } from '../shared/dom';
import { strings } from './strings';

export interface HeaderOptions {
  readonly count: (scope: Scope) => void;
  readonly cancel: () => void;
  readonly countTokens: () => void;
  readonly tables: () => void;
  readonly save: () => void;
}

/** The bar above the charts: which rows are counted, progress, and what to do with the numbers. */
export class StatisticsHeader {
  readonly elements: readonly HTMLElement[];
  // These elements stay while their texts change ten times a second. A click on an element that is removed is lost.
  private readonly name = h('b', { class: 'clip' });
  private readonly all: HTMLElement;
  private readonly filtered: HTMLElement;
  private readonly filter = h('span', { class: 'muted clip' });
  private readonly work = h('span', { class: 'muted num', role: 'progressbar' });
  private readonly cancel: HTMLElement;
  private readonly again: HTMLElement;
  private readonly tokens: HTMLElement;
  private readonly tables: HTMLElement;
  private readonly note = h('div', { class: 'note', role: 'status' });
  private scope: Scope = 'all';

  constructor(options: HeaderOptions) {
    this.all = option(strings.allRows, strings.scope, () => options.count('all'));
    this.filtered = option(strings.filteredRows, strings.filteredTitle, () => options.count('filtered'));
    this.cancel = option(strings.cancel, strings.cancel, options.cancel);
    this.again = option(strings.again, strings.again, () => options.count(this.scope));
    this.tokens = option('', strings.countTokens(''), options.countTokens);
    this.tables = option(strings.tables, strings.tablesTitle, options.tables);
    const save = option(strings.exportAll, strings.exportAllTitle, options.save);
    this.setTables(false);
    const scopes = h(
      'span',
      { class: 'scopes', role: 'group', aria: { label: strings.scope } },
      this.all,
      this.filtered,
    );
    const bar = h(
      'div',
      { class: 'bar' },
      ...[this.name, scopes, this.filter, this.work, this.cancel, h('span', { class: 'grow' })],
      ...[this.tokens, this.again, this.tables, save],
    );
    this.elements = [bar, this.note];
  }

  draw({ name, scope, filter, progress, outdated, error, model, statistics }: StatisticsState): void {
    this.scope = scope;
    this.name.textContent = name;
    this.all.setAttribute('aria-pressed', String(scope === 'all'));
    this.filtered.setAttribute('aria-pressed', String(scope === 'filtered'));
    this.filter.textContent = filter === '' ? '' : strings.ofFilter(filter);
    this.filter.title = filter;
    this.work.ariaLabel = strings.progress;
    this.work.hidden = this.cancel.hidden = progress === null;
    if (progress !== null) {
      const percent = Math.floor(100 * progress);
      this.work.textContent = strings.counting(`${percent} %`);
      this.work.ariaValueNow = String(percent);
    }
    this.again.hidden = progress !== null;
    this.tokens.hidden = model === null || progress !== null || hasTokens(statistics);
    this.tokens.textContent = this.tokens.title = strings.countTokens(model ?? '');
    const isWithout = scope === 'filtered' && filter === '' && statistics !== null && progress === null;
    const isStopped = statistics === null && progress === null && error === null;
    const notes = [
      error === null ? '' : strings.failed(error),
      outdated ? strings.outdated : '',
      isWithout ? strings.noFilter : '',
      isStopped ? strings.stopped : '',
    ];
    this.say(notes.filter((note) => note !== ''));
  }

  setTables(are: boolean): void {
    this.tables.setAttribute('aria-pressed', String(are));
  }

  complain(message: string): void {
    this.say([message]);
  }

  private say(notes: readonly string[]): void {
    const text = notes.join(' ');
    this.note.hidden = text === '';
    if (this.note.textContent !== text) replace(this.note, text);
  }
}

function hasTokens(statistics: StatisticsState['statistics']): boolean {
  return statistics === null || statistics.charts.some(({ id }) => id === 'tokens');
}

function option(label: string, title: string, onClick: () => void): HTMLElement {
  return h('button', { class: 'option', title, on: { click: onClick } }, label);
}
