import { at } from '../../src/base/pure/must';
import { heatStep } from '../../src/pairs/tokenRewards/tokenRewards';
import type { TokenText } from '../../src/pairs/tokens/tokenRow';
import { h, replace } from '../shared/dom';
import type { RewardedView, Side } from './answerView';
import { directionOf, shownText } from './shownText';
import { spoken, strings } from './strings';

/** What the colours of a heat are: rewards, or the log-probs of the tuned model or of the base. */
export type HeatOf = 'reward' | Model;
export type Model = 'tuned' | 'base';

export interface HeatOptions {
  /** The reward of the strongest colour, or the size of the log-prob. */
  readonly scale: number;
  /** The index of the first token that the other answer does not have here; null if there is none. */
  readonly parts: number | null;
}

/** The class of a reward's colour and line. */
export function heatClass(reward: number, scale: number): string {
  const step = heatStep(reward, scale);
  return step === 0 ? '' : `${step > 0 ? 'up' : 'down'} s${Math.abs(step)}`;
}

/** The class of a log-prob: the stronger the colour, the less the model expected the token. */
export function surpriseClass(logp: number, scale: number): string {
  const step = Math.abs(heatStep(logp, scale));
  return step === 0 ? '' : `odd s${step}`;
}

/**
 * The tokens of an answer as text, each with the colour of its reward or log-prob. It is one tab stop: the arrow keys
 * move from token to token. It is drawn in one pass, because an answer may have thousands of tokens.
 */
export class Heat {
  readonly element = h('div', { class: 'heat', role: 'listbox' });
  private answer: RewardedView | null = null;
  private tokens: readonly HTMLElement[] = [];
  private current = 0;
  private marked: HTMLElement | null = null;

  /** @param pointed is called with the token under the pointer or with the focus */
  constructor(
    private readonly side: Side,
    private readonly pointed: (index: number) => void,
    private readonly of: HeatOf = 'reward',
  ) {
    this.element.setAttribute('aria-orientation', 'horizontal');
    this.element.addEventListener('pointerover', (event) => this.over(event));
    this.element.addEventListener('focusin', (event) => this.over(event));
    this.element.addEventListener('click', (event) => this.over(event, true));
    this.element.addEventListener('keydown', (event) => this.key(event));
  }

  draw(answer: RewardedView, { scale, parts }: HeatOptions): void {
    this.answer = answer;
    this.current = 0;
    const name = strings.names[this.side];
    const { of } = this;
    const label =
      of === 'reward' ? strings.answer(name, answer.tokens, answer.reward) : strings.models.answer(name, of);
    this.element.setAttribute('aria-label', label);
    const looks = { tuned: answer.logps, base: answer.ref_logps };
    const look = (index: number): string =>
      of === 'reward' ? heatClass(at(answer.rewards, index), scale) : surpriseClass(at(looks[of], index), scale);
    this.tokens = answer.texts.map((text, index) => this.token(text, index, at(answer.rewards, index), look(index)));
    const mark = parts === null ? null : this.tokens[parts];
    mark?.classList.add('parts');
    this.element.dir = directionOf(answer.texts);
    this.element.replaceChildren(...this.tokens);
    if (this.tokens.length === 0) replace(this.element, h('span', { class: 'muted', role: 'option' }, strings.empty));
    else at(this.tokens, 0).tabIndex = 0;
  }

  /** Marks a token, and moves the focus to it if `focus`. */
  mark(index: number | null, focus = false): void {
    this.marked?.classList.remove('marked');
    const token = index === null ? undefined : this.tokens[index];
    this.marked = token ?? null;
    if (!token) return;
    token.classList.add('marked');
    if (!focus) return;
    this.stop(Number(index));
    token.focus();
    token.scrollIntoView({ block: 'nearest' });
  }

  private token(text: TokenText, index: number, reward: number, look: string): HTMLElement {
    const token = document.createElement('span');
    token.className = typeof text === 'string' ? `tok ${look}` : `tok special ${look}`;
    token.textContent = shownText(text);
    token.tabIndex = -1;
    token.dataset['i'] = String(index);
    token.setAttribute('role', 'option');
    token.setAttribute('aria-label', this.said(index, text, reward));
    return token;
  }

  private said(index: number, text: TokenText, reward: number): string {
    const { answer } = this;
    return answer ? spoken(text, index, reward, at(answer.logps, index), at(answer.ref_logps, index)) : '';
  }

  private over(event: Event, focus = false): void {
    const token = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('.tok') : null;
    if (!token) return;
    const index = Number(token.dataset['i']);
    if (token.title === '') token.title = token.getAttribute('aria-label') ?? '';
    if (focus || event.type === 'focusin') this.stop(index);
    if (focus) token.focus();
    this.pointed(index);
  }

  /** Makes a token the tab stop. */
  private stop(index: number): void {
    at(this.tokens, this.current).tabIndex = -1;
    this.current = index;
    at(this.tokens, index).tabIndex = 0;
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || this.tokens.length === 0) return;
    const last = this.tokens.length - 1;
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: this.current + 1,
      ArrowLeft: this.current - 1,
      ArrowDown: this.below(1),
      ArrowUp: this.below(-1),
      Home: 0,
      End: last,
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.mark(Math.min(last, Math.max(0, to)), true);
  }

  /** The token on the line above or below that begins nearest to the current one. */
  private below(direction: 1 | -1): number {
    const from = at(this.tokens, this.current).getBoundingClientRect();
    let best = this.current;
    let [line, distance] = [Number.NaN, Infinity];
    for (let i = this.current + direction; i >= 0 && i < this.tokens.length; i += direction) {
      const { top, left } = at(this.tokens, i).getBoundingClientRect();
      if (Math.abs(top - from.top) < 4) continue;
      if (Number.isNaN(line)) line = top;
      if (Math.abs(top - line) > 4) break;
      if (Math.abs(left - from.left) < distance) [best, distance] = [i, Math.abs(left - from.left)];
    }
    return best;
  }
}
