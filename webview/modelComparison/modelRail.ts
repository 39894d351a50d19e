import type { ModelSource } from '../../src/protocol/modelComparison';
import { button } from '../shared/controls';
import { h, refocus, replace } from '../shared/dom';
import { strings } from './strings';

const kinds = ['run', 'scoring'] as const;

/** The rail on the left: which models to compare, and a way to one that has not scored the file. */
export class ModelRail {
  readonly element = h('nav', { class: 'rail', aria: { label: strings.sources } });
  private readonly lists = h('div', {});
  private drawn = '';

  constructor(
    private readonly choose: (ids: readonly string[]) => void,
    score: () => void,
  ) {
    const add = button({ label: strings.score, icon: 'add', title: strings.scoreTitle, onClick: score });
    replace(this.element, this.lists, h('div', { class: 'rail-foot' }, add));
  }

  draw(sources: readonly ModelSource[]): void {
    // A box that is drawn again would lose the focus.
    const wanted = JSON.stringify(sources);
    if (wanted === this.drawn) return;
    this.drawn = wanted;
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.id : '';
    const sections = kinds.flatMap((kind) => {
      const own = sources.filter((source) => source.kind === kind);
      if (own.length === 0) return [];
      const title = strings.kind[kind];
      const boxes = own.map((source) => this.box(source, sources));
      return [h('section', { role: 'group', aria: { label: title } }, h('h2', {}, title), ...boxes)];
    });
    replace(this.lists, ...sections);
    if (focused !== '') refocus(document.getElementById(focused));
  }

  private box(source: ModelSource, all: readonly ModelSource[]): HTMLElement {
    const box = document.createElement('input');
    box.type = 'checkbox';
    box.id = `model-${source.id}`;
    box.checked = source.chosen;
    const others = all.filter((one) => one.chosen !== (one.id === source.id)).map(({ id }) => id);
    box.addEventListener('change', () => this.choose(others));
    return h('label', { class: 'source', title: source.detail }, box, h('span', { class: 'clip' }, source.label));
  }
}
