import type { ReadOnly } from '../../src/protocol/pairEditor';
import { h } from '../shared/dom';
import { strings } from './strings';

export interface ReadOnlyBannerOptions {
  readonly save: () => void;
  /** Stops the reading of the file, or reads it again. */
  readonly read: (on: boolean) => void;
}

/** Says why the rows are not edited, and offers to save them as JSON Lines. */
export class ReadOnlyBanner {
  readonly element = h('section', { class: 'banner read-only-banner' });
  private readonly reason = h('span', {});
  private readonly read = h('button', { class: 'link', on: { click: () => this.options.read(this.stopped) } });
  private stopped = false;

  constructor(private readonly options: ReadOnlyBannerOptions) {
    const save = h('button', { class: 'link needs-node', on: { click: options.save } }, strings.saveAsLines);
    this.element.append(this.reason, save, this.read);
    this.draw(null);
  }

  draw(state: ReadOnly | null): void {
    this.element.hidden = state === null;
    if (state === null) return;
    this.reason.textContent = state.reason;
    this.stopped = state.reading === 'stopped';
    this.read.hidden = state.reading === 'done';
    this.read.textContent = this.stopped ? strings.readAll : strings.stopReading;
  }
}
