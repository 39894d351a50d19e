import type { ShownPair, TokenRewardsState } from '../../src/protocol/tokenRewards';
import { button, dropdown } from '../shared/controls';
import { h, replace } from '../shared/dom';
import { strings } from './strings';

export interface HeaderSource {
  step(step: number): void;
  go(pair: number): void;
  scoreAll(): void;
  openPair(): void;
}

/** The name of the run or file, which pair is shown, and what can be done with it. */
export class Header {
  readonly element = h('header', { class: 'bar head' });
  private readonly about = h('span', { class: 'about' });
  private readonly actions = h('span', { class: 'actions' });

  constructor(private readonly source: HeaderSource) {
    replace(this.element, this.about, h('span', { class: 'grow' }), this.actions);
  }

  draw(state: TokenRewardsState): void {
    const { kind, name, step, steps, missing } = state;
    const choices = steps.map((one) => ({ id: String(one), label: strings.stepChoice(one) }));
    replace(
      this.actions,
      missing === null ? null : h('span', { class: 'warn' }, strings.missing(missing)),
      step === null ? null : h('span', { class: 'muted wide' }, strings.step),
      step === null ? null : dropdown(strings.step, choices, String(step), (id) => this.source.step(Number(id))),
      kind === 'run'
        ? button({ label: strings.scoreAll, title: strings.scoreAllTitle, onClick: () => this.source.scoreAll() })
        : null,
      kind === 'run' ? button({ label: strings.openPair, onClick: () => this.source.openPair() }) : null,
      ...(state.pairs === null ? [] : this.pager(state.pair, state.pairs)),
    );
    replace(this.about, h('b', { class: 'clip' }, name));
  }

  /** Says which pair is shown. */
  drawPair({ name }: TokenRewardsState, { line, margin, prompt }: ShownPair): void {
    replace(
      this.about,
      h('b', { class: 'clip' }, name),
      h('span', { class: 'muted num' }, strings.line(line)),
      h('span', { class: margin < 0 ? 'num bad' : 'num' }, strings.margin(margin)),
      prompt === null ? null : h('span', { class: 'clip prompt', title: prompt }, prompt),
    );
  }

  private pager(pair: number, pairs: number): HTMLElement[] {
    const move = (label: string, glyph: string, to: number): HTMLElement => {
      const element = h(
        'button',
        { class: 'option', title: label, aria: { label }, on: { click: () => this.source.go(to) } },
        glyph,
      );
      if (to < 0 || to >= pairs) element.setAttribute('disabled', '');
      return element;
    };
    return [
      move(strings.previous, '‹', pair - 1),
      h('span', { class: 'num muted' }, strings.place(pair, pairs)),
      move(strings.next, '›', pair + 1),
    ];
  }
}
