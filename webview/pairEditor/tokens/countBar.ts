import { facetQuery } from '../../../src/pairs/query/facets';
import type { TokenCounts } from '../../../src/protocol/tokens';
import { h, replace } from '../../shared/dom';
import { tokenStrings as strings } from './tokenStrings';

/** Pause after an edit before the rows are counted again. */
const settleMs = 800;

export interface CountBarOptions {
  /** @returns null if nothing was counted */
  readonly request: (asked: boolean, signal: AbortSignal) => Promise<TokenCounts | null>;
  readonly filter: (query: string) => void;
  readonly announce: (text: string) => void;
  readonly failed: (error: unknown) => void;
}

/** How many rows of the file would be cut or left out; each number is a filter. */
export class CountBar {
  readonly element = h('div', { class: 'token-counts' });
  private running: AbortController | null = null;
  private counts: TokenCounts | null = null;
  /** The revision that was counted, or is. */
  private revision: number | null = null;
  private newest = 0;
  private timer = 0;

  constructor(private readonly options: CountBarOptions) {
    this.offer();
  }

  /** Counts the rows. @param asked false: only if the file is short */
  count(asked: boolean): void {
    this.running?.abort();
    const running = (this.running = new AbortController());
    this.revision = this.newest;
    if (asked) this.progress(0);
    else if (!this.counts) this.offer();
    this.options
      .request(asked, running.signal)
      .then((counts) => running.signal.aborted || this.show(counts))
      .catch((error: unknown) => {
        if (running.signal.aborted) return;
        this.show(null);
        this.options.failed(error);
      });
  }

  stop(): void {
    this.running?.abort();
    this.running = null;
    this.counts = null;
    this.offer();
  }

  /** @param share of the rows, from 0 to 1 */
  progress(share: number): void {
    if (!this.running || this.counts) return;
    const stop = h('button', { class: 'link', on: { click: () => this.stop() } }, strings.stop);
    const say = strings.counting(`${Math.floor(share * 100)} %`);
    const shown = this.element.firstElementChild;
    // A button that is replaced between press and release gets no click.
    if (shown?.classList.contains('counting')) shown.textContent = say;
    else replace(this.element, h('span', { class: 'muted num counting' }, say), stop);
  }

  /** Counts again after an edit, if the rows were counted. */
  edited(revision: number): void {
    this.newest = revision;
    if (this.counts === null || revision === this.revision) return;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.counts && this.count(true), settleMs);
  }

  private show(counts: TokenCounts | null): void {
    this.running = null;
    this.counts = counts;
    if (!counts) return this.offer();
    const { rows, cut, dropped } = counts;
    const total = dropped.reduce((sum, [, count]) => sum + count, 0);
    const parts = [
      ...(cut > 0 ? [this.link(strings.cutRows(cut), facetQuery('cut', 'yes'))] : []),
      ...(dropped.length > 1 ? [this.link(strings.droppedRows(total), facetQuery('dropped', 'yes'))] : []),
      ...dropped.map(([reason, count]) => this.link(strings.reasons[reason](count), facetQuery('dropped', reason))),
      ...(cut + total === 0 ? [h('span', {}, strings.fits)] : []),
    ];
    replace(this.element, h('span', { class: 'muted' }, strings.counted(rows)), ...parts);
    this.options.announce(this.element.innerText);
  }

  private offer(): void {
    const click = (): void => this.count(true);
    replace(this.element, h('button', { class: 'link', title: strings.countTitle, on: { click } }, strings.count));
  }

  private link(text: string, query: string): HTMLElement {
    const click = (): void => this.options.filter(query);
    return h('button', { class: 'link num', title: strings.show(query), on: { click } }, text);
  }
}
