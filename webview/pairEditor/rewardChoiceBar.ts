import type { Overview, View } from '../../src/protocol/pairEditor';
import { dropdown } from '../shared/controls';
import { h, replace } from '../shared/dom';
import { strings } from './strings';

export interface RewardChoiceOptions {
  readonly choose: (choice: Partial<Pick<View, 'rewards' | 'before'>>) => void;
}

/** The id of the choice to compare with the start of the run, or with nothing. */
const start = '';

/** The choice of rewards, and of those that they are compared with. */
export class RewardChoiceBar {
  readonly element = h('span', { class: 'rewards' });
  private drawn = '';

  constructor(private readonly options: RewardChoiceOptions) {}

  /** Draws only when the choices change, because a redraw closes an open drop-down. */
  draw({ rewards, before, rewardChoices }: Overview): void {
    const wanted = JSON.stringify([rewards, before, rewardChoices]);
    if (wanted === this.drawn) return;
    this.drawn = wanted;
    const { choose } = this.options;
    if (!rewards) return replace(this.element);
    const others = rewardChoices.filter(({ id }) => id !== rewards.id);
    const compared = [
      { id: start, label: rewards.isOfRun ? strings.beforeStart : strings.beforeNothing },
      ...others,
    ].map(({ id, label }) => ({
      id,
      label: strings.against(label),
    }));
    replace(
      this.element,
      h('span', { class: 'muted' }, strings.rewards),
      dropdown(strings.rewards, rewardChoices, rewards.id, (id) => choose({ rewards: id })),
      ...(others.length === 0
        ? []
        : [
            dropdown(strings.rewardsComparedWith, compared, before ? before.id : start, (id) =>
              choose({ before: id === start ? null : id }),
            ),
          ]),
    );
  }
}
