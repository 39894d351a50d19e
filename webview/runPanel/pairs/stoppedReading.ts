import { errorMessage } from '../../../src/base/pure/marginError';
import { ChannelError } from '../../../src/protocol/channel';
import { button } from '../../shared/controls';
import { h, replace } from '../../shared/dom';
import { strings } from '../strings';

/** Reads rewards until the person stops that, and again when they want it. */
export class StoppedReading {
  private isStopped = false;

  /** @param element says that the reading was stopped, in place of what it holds */
  constructor(
    private readonly element: HTMLElement,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Does nothing after a stop: a run that goes on asks for its rewards again and again. */
  async run(read: () => Promise<void>): Promise<void> {
    if (this.isStopped) return;
    try {
      await read();
    } catch (error) {
      if (!(error instanceof ChannelError && error.code === 'reading-stopped')) throw error;
      this.isStopped = true;
      const onClick = (): void => {
        this.isStopped = false;
        this.run(read).catch(this.failed);
      };
      const again = button({ label: strings.pairs.readAgain, primary: true, onClick });
      replace(this.element, h('div', { class: 'empty', role: 'status' }, errorMessage(error), again));
    }
  }
}
