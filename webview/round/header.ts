import type { RoundState, RoundSteps } from '../../src/protocol/round';
import { button, dropdown } from '../shared/controls';
import { h, replace } from '../shared/dom';
import { strings } from './strings';

export interface HeaderOptions {
  readonly show: (round: number) => void;
  readonly rewards: () => void;
  readonly judge: () => void;
  readonly append: () => void;
  readonly train: () => void;
  readonly next: () => void;
}

/** Which round it is, with which models, and what can be done with all of it. */
export class Header {
  readonly element = h('header', { class: 'bar' });
  private drawn = '';

  constructor(private readonly options: HeaderOptions) {}

  draw(state: RoundState): void {
    const { round, rounds, policy, reference, k, queue, steps, busy, isTrusted } = state;
    const { pairs, showsRewards } = queue;
    const wanted = JSON.stringify([
      round,
      rounds,
      policy,
      reference,
      k,
      pairs,
      showsRewards,
      steps.run,
      busy,
      isTrusted,
    ]);
    // A redraw would take the focus, or end a click.
    if (wanted === this.drawn) return;
    this.drawn = wanted;
    const { options } = this;
    const toggle = button({
      label: strings.rewards(showsRewards),
      title: strings.rewardsTitle,
      onClick: options.rewards,
    });
    toggle.setAttribute('aria-pressed', String(showsRewards));
    replace(
      this.element,
      this.roundName(state),
      h(
        'span',
        { class: 'muted clip models', title: strings.models(policy, reference) },
        strings.models(policy, reference),
      ),
      h('span', { class: 'muted' }, strings.answers(k)),
      h('span', { class: 'grow' }),
      busy === null ? null : h('span', { class: 'muted clip busy', title: busy }, busy),
      toggle,
      ...(isTrusted ? this.work(state) : [h('span', { class: 'muted' }, strings.restricted)]),
    );
  }

  private roundName({ round, rounds }: RoundState): HTMLElement {
    if (rounds.length < 2) return h('b', {}, strings.round(round));
    const choices = rounds.map((one) => ({ id: String(one), label: strings.round(one) }));
    return dropdown(strings.chooseRound, choices, String(round), (id) => this.options.show(Number(id)));
  }

  private work({ round, rounds, queue, steps, busy }: RoundState): (HTMLElement | null)[] {
    const { judge, append, train, next } = this.options;
    const isLast = round === rounds.at(-1);
    if (busy !== null) return [];
    return [
      button({ label: strings.judge, title: strings.judgeTitle, onClick: judge }),
      queue.pairs === 0 ? null : button({ label: strings.append, title: strings.appendTitle, onClick: append }),
      steps.run === null && queue.pairs > 0
        ? button({ label: strings.train(round, queue.pairs), primary: true, onClick: train })
        : null,
      isLast && steps.run === null && isPartial(steps)
        ? button({ label: strings.rest, title: strings.restTitle, onClick: next })
        : null,
      steps.run !== null && isLast ? button({ label: strings.next, primary: true, onClick: next }) : null,
    ];
  }
}

/** Whether a drafting was stopped before it was complete. */
function isPartial({ drafts, wanted }: RoundSteps): boolean {
  return wanted !== null && drafts < wanted;
}
