import type { AdjudicationState, Opinion } from '../../../src/protocol/review';
import { h, replace } from '../../shared/dom';
import { reviewStrings } from './reviewStrings';

/** Who said what of a pair on which annotators disagree. */
export class OpinionBar {
  readonly element = h('div', { class: 'opinions', role: 'group', aria: { label: reviewStrings.opinions } });

  draw(adjudication: AdjudicationState | null): void {
    this.element.hidden = adjudication === null;
    if (!adjudication) return;
    const { opinions } = adjudication;
    if (opinions === null) return replace(this.element, h('span', { class: 'muted' }, reviewStrings.opinionsHidden));
    const dimensions = [...new Set(opinions.map(({ dimension }) => dimension))];
    const groups = dimensions.flatMap((dimension) => {
      const own = opinions.filter((one) => one.dimension === dimension);
      return [h('span', { class: 'muted' }, dimension), ...own.map(opinion)];
    });
    replace(this.element, ...groups);
  }
}

function opinion({ annotator, label }: Opinion): HTMLElement {
  return h('span', { class: 'opinion' }, annotator, ' ', h('b', {}, reviewStrings.opinionLabel(label)));
}

/** What a screen reader hears of the opinions; empty if there are none to hear. */
export function spokenOpinions(adjudication: AdjudicationState | null): string {
  if (!adjudication?.opinions) return '';
  return adjudication.opinions
    .map(({ annotator, label }) => `${annotator} ${reviewStrings.opinionLabel(label)}`)
    .join(', ');
}
