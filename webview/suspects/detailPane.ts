import { wordDiff } from '../../src/pairs/wordDiff';
import { reasonSentences, verdictWords } from '../../src/pairs/suspects/verdictText';
import type { SuspectDetail, SuspectsState } from '../../src/protocol/suspects';
import { button } from '../shared/controls';
import { h, replace } from '../shared/dom';
import { strings } from './strings';

export interface DetailOptions {
  readonly swap: () => void;
  readonly out: () => void;
  readonly keep: () => void;
  readonly reveal: () => void;
  readonly tokens: () => void;
}

/** A suspect in full: both answers side by side, why it is one, and what can be done about it. */
export class DetailPane {
  readonly element = h('section', { class: 'detail', aria: { label: strings.why } });

  constructor(private readonly options: DetailOptions) {}

  show(detail: SuspectDetail, state: SuspectsState): void {
    const { parts } = detail;
    const [chosen, rejected] = ['chosen', 'rejected'].map((name) => parts.find((part) => part.name === name)?.text);
    const runs = chosen === undefined || rejected === undefined ? null : wordDiff(chosen, rejected);
    const shown = parts.map(({ name, text }) => {
      const own = name === 'chosen' || name === 'rejected' ? runs?.[name] : undefined;
      const words = own ? own.map((run) => (run.kind === 'same' ? run.text : h('mark', {}, run.text))) : [text];
      return h(
        'div',
        { class: `part ${name}` },
        h('h2', { class: name }, name),
        h('div', { class: 'text', dir: 'auto' }, ...words),
      );
    });
    replace(this.element, h('div', { class: 'parts' }, ...shown), this.why(detail, state));
    this.element.scrollTop = 0;
  }

  clear(text: string): void {
    replace(this.element, h('p', { class: 'empty' }, text));
  }

  private why(detail: SuspectDetail, { unit, isReadOnly }: SuspectsState): HTMLElement {
    const { reasons, margin, spread, row, cut } = detail;
    const sentences = reasons.length === 0 ? [strings.noReason] : reasonSentences(reasons);
    const words = verdictWords(detail);
    const { swap, out, keep, reveal, tokens } = this.options;
    const action = (label: string, key: string, onClick: () => void): HTMLElement => {
      const element = button({ label, onClick });
      element.append(h('kbd', { aria: { hidden: 'true' } }, key));
      return element;
    };
    const changes = isReadOnly ? [] : [action(strings.swap, 'S', swap), action(strings.out, 'O', out)];
    return h(
      'div',
      { class: 'why' },
      h('h2', {}, `${strings.number(unit, row)}: ${words}`),
      ...sentences.map((sentence) => h('p', {}, sentence)),
      h('p', { class: 'muted' }, strings.facts(margin, spread)),
      cut ? h('p', { class: 'muted' }, strings.cut) : null,
      h('div', { class: 'actions' }, ...changes, action(strings.keep, 'K', keep)),
      h(
        'p',
        {},
        h('button', { class: 'link', on: { click: reveal } }, strings.openPair),
        ' · ',
        h('button', { class: 'link', on: { click: tokens } }, strings.tokens),
      ),
    );
  }
}
