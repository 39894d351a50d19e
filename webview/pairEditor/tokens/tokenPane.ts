import type { TokenAnswer, TokenRow } from '../../../src/pairs/tokens/tokenRow';
import type { TokenAction, TokenConfig, TokenState } from '../../../src/protocol/tokens';
import { h, icon } from '../../shared/dom';
import { runElements } from './tokenRun';
import { tokenStrings as strings } from './tokenStrings';

type Act = (name: TokenAction['name']) => void;

/** What is shown for a state of the selected row. */
export function tokenContent(state: TokenState, act: Act): HTMLElement[] {
  switch (state.kind) {
    case 'untrusted':
      return [message(strings.untrusted, strings.trust, () => act('trust'))];
    case 'none':
      return [message(strings.none, strings.choose, () => act('choose'))];
    case 'blank':
      return [head(state.config, null, act), h('p', { class: 'token-say' }, strings.blank)];
    case 'failed':
      return [head(state.config, null, act), h('p', { class: 'token-say bad' }, state.message)];
    case 'row':
      return [head(state.config, state.row, act), ...rowContent(state.row)];
  }
}

function message(text: string, label: string, click: () => void): HTMLElement {
  return h('div', { class: 'empty' }, h('p', {}, text), h('button', { class: 'link', on: { click } }, label));
}

/** The config, and what the looks of tokens mean. */
function head({ label, model }: TokenConfig, row: TokenRow | null, act: Act): HTMLElement {
  const config = h(
    'button',
    { class: 'link clip', title: strings.change, on: { click: () => act('choose') } },
    strings.config(label, model),
  );
  const said = row ? [h('span', { class: 'muted num' }, strings.limit(row.maxLength)), legend(row)] : [];
  return h('div', { class: 'token-head' }, config, ...said);
}

function legend({ answers }: TokenRow): HTMLElement {
  const sides = answers.map(({ side }) => (side === 'completion' ? 'chosen' : side));
  const looks = ['masked', ...sides, 'cut'] as const;
  const sample = (look: keyof typeof strings.legend, inner: string): HTMLElement =>
    h('span', { class: `token-run ${look}` }, h('span', { class: `token${inner}` }, strings.legend[look]));
  return h('span', { class: 'token-legend' }, ...looks.map((look) => sample(look, '')), sample('special', ' special'));
}

function sign(name: string, look: string): HTMLElement {
  const element = icon(name);
  element.classList.add(look);
  return element;
}

function note(mark: HTMLElement, text: string): HTMLElement {
  return h('p', { class: 'token-say', role: 'note' }, mark, ` ${text}`);
}

function rowContent(row: TokenRow): HTMLElement[] {
  const { prompt, answers, dropped, heldBy } = row;
  const why = dropped ? [note(sign('warning', 'warn'), strings.left(dropped.why))] : [];
  if (heldBy !== null) why.push(note(sign('beaker', 'muted'), strings.held(heldBy)));
  const facts = factsOf(row);
  const more = facts.length > 0 ? [h('p', { class: 'token-say muted' }, facts.join(' · '))] : [];
  if (answers.length === 0) return [...why, ...more];
  const shown = runElements(prompt, 'masked');
  const first = part('masked', strings.prompt, strings.promptSays(prompt.count), shown);
  const columns = answers.map((answer) => answerPart(answer, row));
  return [...why, ...more, first, h('div', { class: 'token-answers' }, ...columns)];
}

function factsOf({ pair, pairs, shared, weight, swapped }: TokenRow): string[] {
  return [
    ...(pairs > 1 ? [strings.pairOf(pair, pairs)] : []),
    ...(swapped ? [strings.swapped] : []),
    ...(weight === 1 ? [] : [strings.weight(weight)]),
    ...(shared > 0 ? [strings.shared(shared)] : []),
  ];
}

function answerPart(answer: TokenAnswer, row: TokenRow): HTMLElement {
  const { side, kept, cut, mismatched } = answer;
  const look = side === 'rejected' ? 'rejected' : 'chosen';
  const note = mismatched ? [h('p', { class: 'token-say muted' }, strings.mismatched)] : [];
  const label = row.dropped ? strings.notTrained : strings.cutHere(cut.count);
  const mark = cut.count > 0 ? [h('span', { class: 'token-cut' }, label)] : [];
  const tokens = [...runElements(kept, look), ...mark, ...runElements(cut, 'cut')];
  return part(look, strings.names[side], strings.answerSays(answer, row), [...note, ...tokens]);
}

function part(look: string, name: string, says: string, content: readonly HTMLElement[]): HTMLElement {
  const title = h('div', { class: 'token-title' }, h('b', {}, name), ' ', h('span', { class: 'num' }, says));
  return h(
    'section',
    { class: `token-part ${look}`, aria: { label: `${name}: ${says}` } },
    title,
    h('div', { class: 'token-text', dir: 'auto' }, ...content),
  );
}
