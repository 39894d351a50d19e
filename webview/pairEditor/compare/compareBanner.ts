import { type ChangeKind, changeKinds } from '../../../src/pairs/compare/changeKind';
import type { ComparisonOverview } from '../../../src/protocol/comparison';
import { h, icon, replace } from '../../shared/dom';
import { counted } from '../../shared/format';
import type { Comparison } from './comparison';
import { compareStrings as strings } from './compareStrings';

export interface CompareBannerOptions {
  /** Filters the rows. */
  readonly filter: (query: string) => void;
  readonly comparison: () => Pick<Comparison, 'lost' | 'stop'>;
}

/** What the file is compared with, and how many rows differ; each number leads to its rows. */
export class CompareBanner {
  readonly element = h('section', { class: 'banner compare-banner', aria: { label: strings.label } });
  private drawn = '';

  constructor(private readonly options: CompareBannerOptions) {
    this.draw(null);
  }

  /** Draws only what has changed: a click on an element that is removed is lost. */
  draw(comparison: ComparisonOverview | null): void {
    const wanted = JSON.stringify(comparison);
    if (wanted === this.drawn) return;
    this.drawn = wanted;
    this.element.hidden = comparison === null;
    if (comparison !== null) replace(this.element, ...this.content(comparison));
  }

  private content({ name, counts, share }: ComparisonOverview): HTMLElement[] {
    const stop = this.link('compare-stop', strings.stop, () => this.options.comparison().stop(), icon('close'));
    if (counts === null || name === null)
      return [h('span', { class: 'num' }, strings.comparing(`${Math.floor(100 * (share ?? 0))} %`)), stop];
    const kinds = changeKinds.filter((kind) => counts[kind] > 0);
    const links = kinds.map((kind) => this.kind(kind, counted(counts[kind])));
    if (kinds.length > 1) links.push(this.link('', strings.all, () => this.options.filter('changed:yes'), strings.all));
    const gone = counted(counts.lost);
    const say = `${gone} ${strings.lost}`;
    const lost =
      counts.lost === 0
        ? []
        : [this.link('', strings.showLost(gone), () => this.options.comparison().lost.open(), say)];
    const same = links.length + lost.length === 0 ? [h('span', {}, strings.same)] : [];
    return [h('span', { class: 'muted clip' }, strings.compared(name)), ...links, ...lost, ...same, stop];
  }

  private kind(kind: ChangeKind, count: string): HTMLElement {
    const filter = (): void => this.options.filter(`changed:${kind}`);
    return this.link('', strings.show(kind, count), filter, `${count} ${kind}`);
  }

  private link(look: string, title: string, click: () => void, content: Node | string): HTMLElement {
    // An icon has no text to be its name.
    const aria: Readonly<Record<string, string>> = typeof content === 'string' ? {} : { label: title };
    return h('button', { class: `link num ${look}`, title, aria, on: { click } }, content);
  }
}
