import type { TokenAction, TokenState } from '../../../src/protocol/tokens';
import { h, refocus, replace } from '../../shared/dom';
import type { CountBar } from './countBar';
import { tokenContent } from './tokenPane';
import { spoken, tokenStrings as strings } from './tokenStrings';

/** A tokenisation that takes longer says that it is under way. */
const patienceMs = 250;

export interface TokensOptions {
  readonly request: (row: number, pair: number, signal: AbortSignal) => Promise<TokenState>;
  readonly act: (name: TokenAction['name']) => void;
  /** Keeps whether the view is on. */
  readonly keep: (on: boolean) => void;
  readonly announce: (text: string) => void;
  readonly failed: (error: unknown) => void;
}

/** The selected row as the trainer sees it, in place of the pair. */
export class TokensView {
  readonly element = h('div', { class: 'tokens', tabIndex: 0, role: 'region', aria: { label: strings.region } });
  private on = false;
  private place: readonly [row: number, pair: number] | null = null;
  private asking = new AbortController();
  private drawn = '';

  /** @param pressed draws whether the view is on */
  constructor(
    private readonly options: TokensOptions,
    private readonly counts: CountBar,
    private readonly pressed: (on: boolean) => void,
  ) {}

  get isOn(): boolean {
    return this.on;
  }

  set(on: boolean): void {
    if (on === this.on) return;
    this.on = on;
    this.pressed(on);
    this.options.keep(on);
    this.drawn = '';
    this.layOut();
    this.ask();
    if (on) this.counts.count(false);
    else this.counts.stop();
  }

  /** Shows a row, if the view is on. */
  show(row: number, pair: number): void {
    if (this.place?.[0] !== row) this.element.scrollTop = 0;
    this.place = [row, pair];
    this.layOut();
    this.ask();
  }

  /** No row is selected. */
  clear(): void {
    this.place = null;
    this.asking.abort();
    this.layOut();
  }

  /** The tokens of the row may be other ones. */
  changed(): void {
    this.ask();
    if (!this.on) return;
    this.counts.stop();
    this.counts.count(false);
  }

  private layOut(): void {
    document.body.classList.toggle('showing-tokens', this.on && this.place !== null);
  }

  private ask(): void {
    this.asking.abort();
    if (!this.on || !this.place) return;
    const { signal } = (this.asking = new AbortController());
    const [row, pair] = this.place;
    const late = window.setTimeout(() => this.wait(), patienceMs);
    signal.addEventListener('abort', () => clearTimeout(late), { once: true });
    this.options
      .request(row, pair, signal)
      .then((state) => signal.aborted || this.draw(state))
      .catch((error: unknown) => signal.aborted || this.options.failed(error))
      .finally(() => clearTimeout(late));
  }

  private wait(): void {
    this.drawn = '';
    this.element.ariaBusy = 'true';
    replace(this.element, h('p', { class: 'token-say muted' }, strings.loading));
  }

  /** Draws only what has changed, so that a selection of text stays. */
  private draw(state: TokenState): void {
    this.element.ariaBusy = 'false';
    const wanted = JSON.stringify(state);
    if (wanted === this.drawn) return;
    this.drawn = wanted;
    const focused = this.element.contains(document.activeElement);
    const [head, ...rest] = tokenContent(state, this.options.act);
    const isKnown = state.kind === 'row' || state.kind === 'blank';
    replace(this.element, head ?? null, isKnown ? this.counts.element : null, ...rest);
    if (focused && !this.element.contains(document.activeElement)) refocus(this.element);
    if (state.kind === 'row') this.options.announce(spoken(state.row));
  }
}
