import { largestSize } from '../../src/pairs/tokenRewards/tokenRewards';
import { h, replace } from '../shared/dom';
import type { RewardedView, Side, TokenPlace } from './answerView';
import { sides } from './answerView';
import { Heat, type Model } from './heat';
import { logp, strings } from './strings';

const models: readonly Model[] = ['tuned', 'base'];
const { models: words } = strings;

/** Base beside tuned: of each answer two heats of log-probs with one scale, drawn only while they are shown. */
export class ModelHeats {
  readonly button = h(
    'button',
    { class: 'option', title: words.title, aria: { pressed: 'false' }, on: { click: () => this.flip() } },
    words.button,
  );
  readonly elements = { chosen: h('div', { class: 'model-heats' }), rejected: h('div', { class: 'model-heats' }) };
  private readonly heats: Readonly<Record<Side, readonly Heat[]>>;
  private answers: Readonly<Record<Side, RewardedView>> | null = null;
  private isShown = false;

  /** @param pointed is called with the token under the pointer or with the focus */
  constructor(pointed: (place: TokenPlace) => void) {
    const heatsOf = (side: Side): readonly Heat[] =>
      models.map((model) => new Heat(side, (index) => pointed({ side, index }), model));
    this.heats = { chosen: heatsOf('chosen'), rejected: heatsOf('rejected') };
    for (const side of sides) this.elements[side].hidden = true;
  }

  show(answers: Readonly<Record<Side, RewardedView>>): void {
    this.answers = answers;
    if (this.isShown) this.draw(answers);
  }

  mark(side: Side, index: number | null): void {
    if (this.isShown) for (const heat of this.heats[side]) heat.mark(index);
  }

  private flip(): void {
    this.isShown = !this.isShown;
    this.button.setAttribute('aria-pressed', String(this.isShown));
    for (const side of sides) {
      this.elements[side].hidden = !this.isShown;
      replace(this.elements[side]);
    }
    if (this.isShown && this.answers) this.draw(this.answers);
  }

  private draw({ chosen, rejected }: Readonly<Record<Side, RewardedView>>): void {
    const scale = largestSize(chosen.logps, chosen.ref_logps, rejected.logps, rejected.ref_logps);
    for (const [side, answer] of [['chosen', chosen] as const, ['rejected', rejected] as const]) {
      const heats = this.heats[side];
      for (const heat of heats) heat.draw(answer, { scale, parts: null });
      const parts = models.map((model, i) => {
        const logps = model === 'tuned' ? answer.logps : answer.ref_logps;
        const mean = logps.length === 0 ? null : logps.reduce((sum, value) => sum + value, 0) / logps.length;
        const about = h('span', { class: 'muted' }, mean === null ? '' : words.mean(logp(mean)));
        return h('div', {}, h('h3', {}, strings.detail[model], about), heats[i]?.element ?? '');
      });
      replace(this.elements[side], ...parts, h('p', { class: 'muted' }, words.scale(logp(-scale))));
    }
  }
}
