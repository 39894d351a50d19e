import type { CurveRemark, PairsBehind } from '../../src/run/symptoms/symptom';
import { h, replace } from '../shared/dom';
import { strings } from './strings';

const { remarks: words } = strings;

/**
 * The symptoms that the curves show. The first is shown in full, the others behind a button. In a short panel only the
 * headline of the first is shown.
 */
export class RemarkList {
  readonly element = h('div', { class: 'remarks' });
  private shown = '';
  private isOpen = false;

  constructor(private readonly showPairs: (pairs: PairsBehind) => void) {}

  /** Draws the remarks only if they have changed, so that the focus stays where it is. */
  show(remarks: readonly CurveRemark[]): void {
    const shown = JSON.stringify(remarks);
    if (shown === this.shown) return;
    this.shown = shown;
    this.draw(remarks);
  }

  private draw(remarks: readonly CurveRemark[]): void {
    const [first, ...others] = remarks;
    this.element.hidden = !first;
    if (!first) return;
    const toggle = (): void => {
      this.isOpen = !this.isOpen;
      this.draw(remarks);
      this.element.querySelector<HTMLElement>('.more')?.focus();
    };
    const more = h(
      'button',
      {
        class: others.length > 0 ? 'link more' : 'link more only',
        aria: { expanded: String(this.isOpen) },
        on: { click: toggle },
      },
      this.isOpen ? words.less : words.more(others.length),
    );
    this.element.classList.toggle('open', this.isOpen);
    replace(
      this.element,
      this.remark(first, more),
      ...(this.isOpen ? others.map((remark) => this.remark(remark, null)) : []),
    );
  }

  private remark({ id, text, advice, pairs, source }: CurveRemark, more: HTMLElement | null): HTMLElement {
    const links = [
      ...(pairs
        ? [h('button', { class: 'link', on: { click: () => this.showPairs(pairs) } }, words.show(pairs.label))]
        : []),
      sourceLink(source),
      ...(more ? [more] : []),
    ];
    // A dot is hidden with the link after it.
    const dot = (link: HTMLElement): HTMLElement => h('span', { class: link === more ? more.className : '' }, ' · ');
    const separated = links.flatMap((link, i) => (i === 0 ? [link] : [dot(link), link]));
    const [headline, rest] = parted(text);
    return h(
      'p',
      { class: 'remark', id: `remark-${id}` },
      h('b', {}, headline),
      h('span', { class: 'rest' }, `${rest} ${advice}`),
      ' ',
      ...separated,
    );
  }
}

/** A text after its first sentence or colon. */
function parted(text: string): [string, string] {
  const end = text.search(/(?<=[.:]) /);
  return end < 0 ? [text, ''] : [text.slice(0, end), text.slice(end)];
}

function sourceLink({ label, url }: CurveRemark['source']): HTMLElement {
  const link = h('a', { title: words.sourceHelp }, label);
  link.setAttribute('href', url);
  return link;
}
