import { verdicts } from '../../../src/pairs/marks/mark';
import type { ReviewCounts, ReviewFacet, ReviewState } from '../../../src/protocol/review';
import { h, replace } from '../../shared/dom';
import { counted } from '../../shared/format';
import { reviewStrings } from './reviewStrings';

interface Row {
  readonly facet: ReviewFacet;
  readonly label: string;
  readonly count: number;
}

/** The rail on the left: which pairs to go through, with counts. */
export class Facets {
  readonly element = h('nav', { class: 'facets', aria: { label: reviewStrings.facets } });

  constructor(private readonly choose: (facet: ReviewFacet) => void) {}

  draw({ counts, facet }: ReviewState): void {
    const sections = sectionsOf(counts);
    const rows = sections.flatMap(({ rows: each }) => each);
    const widest = Math.max(1, ...rows.map(({ count }) => count));
    replace(
      this.element,
      ...sections.map(({ title, rows: each }) =>
        h(
          'section',
          { aria: { label: title } },
          h('h2', {}, title),
          ...each.map((row) => this.row(row, facet === row.facet, widest)),
        ),
      ),
      counts.leftOut === 0 ? null : h('p', { class: 'muted' }, reviewStrings.leftOut(counts.leftOut)),
    );
  }

  private row({ facet, label, count }: Row, isChosen: boolean, widest: number): HTMLElement {
    const bar = h('i', {});
    bar.style.width = `${(100 * count) / widest}%`;
    return h(
      'button',
      {
        class: isChosen ? 'facet on' : 'facet',
        aria: { pressed: String(isChosen) },
        on: { click: () => this.choose(facet) },
      },
      h('span', { class: 'clip', title: label }, label),
      h('span', { class: 'num' }, counted(count)),
      bar,
    );
  }
}

function sectionsOf(counts: ReviewCounts): readonly { readonly title: string; readonly rows: readonly Row[] }[] {
  const names = reviewStrings.facet;
  const verdictRows: readonly Row[] = [
    { facet: 'all', label: names.all, count: counts.all },
    { facet: 'unreviewed', label: names.unreviewed, count: counts.unreviewed },
    ...verdicts.map((facet): Row => ({ facet, label: names[facet], count: counts.verdicts[facet] })),
    { facet: 'skipped', label: names.skipped, count: counts.skipped },
    { facet: 'flagged', label: names.flagged, count: counts.flagged },
  ];
  const tags = counts.tags.map(([tag, count]): Row => ({ facet: `tag:${tag}`, label: tag, count }));
  const problem: Row = { facet: 'problem', label: names.problem, count: counts.problem };
  return [
    { title: reviewStrings.verdict, rows: verdictRows },
    { title: reviewStrings.problem, rows: [problem] },
    ...(tags.length === 0 ? [] : [{ title: reviewStrings.tags, rows: tags }]),
  ];
}
