import { errorMessage } from '../../src/base/pure/marginError';
import { ChannelError } from '../../src/protocol/channel';
import { h } from '../shared/dom';

/** The messages of the editor: texts for screen readers, and errors, which are also shown. */
export class Messages {
  readonly element = h('div', { class: 'sr-only', aria: { live: 'polite' } });

  /** @param show shows an error */
  constructor(private readonly show: (message: string) => void) {}

  announce(text: string): void {
    this.element.textContent = text;
  }

  /** Shows an error. A request that a newer one replaced is not an error. */
  complain(error: unknown): void {
    if (error instanceof ChannelError && (error.code === 'aborted' || error.code === 'disposed')) return;
    const message = errorMessage(error);
    this.show(message);
    this.announce(message);
  }
}
