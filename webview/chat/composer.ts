import { mostPrompt } from '../../src/protocol/chat';
import { button } from '../shared/controls';
import { h, replace } from '../shared/dom';
import { grow, textArea } from './fields';
import { strings } from './strings';

export interface ComposerActions {
  send(text: string): void;
  stop(): void;
  /** The person wants to move to the answers. */
  up(): void;
}

/** Where the person writes. */
export class Composer {
  readonly element = h('footer', { class: 'composer' });
  readonly area = textArea(strings.prompt, strings.promptHint, mostPrompt);
  private readonly button = h('div', { class: 'send' });
  private isRunning: boolean | null = null;

  constructor(private readonly actions: ComposerActions) {
    this.area.addEventListener('keydown', (event) => this.key(event));
    replace(this.element, this.area, this.button);
  }

  show(isRunning: boolean): void {
    if (isRunning === this.isRunning) return;
    this.isRunning = isRunning;
    const { stop } = this.actions;
    const shown = isRunning
      ? button({ label: strings.stop, icon: 'debug-stop', onClick: () => stop() })
      : button({ label: strings.send, icon: 'send', primary: true, onClick: () => this.send() });
    const hadFocus = this.button.contains(document.activeElement);
    replace(this.button, shown);
    if (hadFocus) this.area.focus();
  }

  private key(event: KeyboardEvent): void {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    } else if (event.key === 'Escape' && this.isRunning) this.actions.stop();
    else if (event.key === 'ArrowUp' && this.area.value === '') {
      event.preventDefault();
      this.actions.up();
    }
  }

  private send(): void {
    const text = this.area.value;
    if (text.trim() === '' || this.isRunning) return;
    this.area.value = '';
    grow(this.area);
    this.actions.send(text);
  }
}
