import type { AgreementSource } from '../../src/protocol/agreement';
import { h, refocus, replace } from '../shared/dom';
import { strings } from './strings';

const kinds = ['marks', 'column', 'model'] as const;

/** Which sources to choose after a click on one: marks files and columns exclude each other. */
export function chosenAfter(sources: readonly AgreementSource[], clicked: AgreementSource): readonly string[] {
  const other = clicked.kind === 'marks' ? 'column' : clicked.kind === 'column' ? 'marks' : null;
  const turnedOn = !clicked.chosen;
  return sources
    .filter((source) => (source.id === clicked.id ? turnedOn : source.chosen && !(turnedOn && source.kind === other)))
    .map(({ id }) => id);
}

/** The rail on the left: whose labels to compare. */
export class SourceRail {
  readonly element = h('nav', { class: 'rail', aria: { label: strings.sources } });
  private drawn = '';

  constructor(private readonly choose: (ids: readonly string[]) => void) {}

  draw(sources: readonly AgreementSource[]): void {
    // A box that is drawn again would lose the focus.
    const wanted = JSON.stringify(sources);
    if (wanted === this.drawn) return;
    this.drawn = wanted;
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.id : '';
    const sections = kinds.flatMap((kind) => {
      const own = sources.filter((source) => source.kind === kind);
      return own.length === 0 ? [] : [this.section(kind, own, sources)];
    });
    replace(this.element, ...sections);
    if (focused !== '') refocus(document.getElementById(focused));
  }

  private section(
    kind: AgreementSource['kind'],
    own: readonly AgreementSource[],
    all: readonly AgreementSource[],
  ): HTMLElement {
    const title = strings.kind[kind];
    const help = kind === 'model' ? strings.modelHelp : strings.exclusive;
    const boxes = own.map((source) => this.box(source, all));
    return h('section', { role: 'group', aria: { label: title } }, h('h2', { title: help }, title), ...boxes);
  }

  private box(source: AgreementSource, all: readonly AgreementSource[]): HTMLElement {
    const box = document.createElement('input');
    box.type = 'checkbox';
    box.id = `source-${all.indexOf(source)}`;
    box.checked = source.chosen;
    box.addEventListener('change', () => this.choose(chosenAfter(all, source)));
    const title = source.detail === '' ? source.label : `${source.label}: ${source.detail}`;
    const detail = source.detail === '' ? null : h('span', { class: 'muted clip' }, source.detail);
    return h('label', { class: 'source', title }, box, h('span', { class: 'clip' }, source.label), detail);
  }
}
