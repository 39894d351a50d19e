import { at } from '../../src/base/pure/must';
import { type DiffRun, wordDiff } from '../../src/pairs/wordDiff';
import type { ListDetail, ListedAnswer, ListedPair } from '../../src/protocol/listDetail';
import type { SideReward } from '../../src/pairs/rowRewards';
import type { RowDetail } from '../../src/protocol/pairEditor';
import type { TurnPlace } from '../../src/protocol/turnPlace';
import { h } from '../shared/dom';
import { answerHead } from './answerHead';
import { listPairs } from './listPairs';
import { marginLine } from './marginLine';
import { strings } from './strings';
import { roleButton, turnButton, turnMenu } from './turnMenu';
import { plainText } from './turnText';

/** How to draw a list. */
export interface ListLook {
  readonly diff: boolean;
  readonly scored: boolean;
  readonly widest: number;
  /** Index of the selected pair. */
  readonly pair: number;
}

/** What a person edits of a list; null where it is only shown. */
export interface ListFields {
  readonly text: (answer: ListedAnswer, turn: number, shown: readonly (Node | string)[]) => HTMLElement;
  readonly score: (answer: ListedAnswer, measure: string) => HTMLElement;
  readonly place: (answer: ListedAnswer, turn: number) => TurnPlace;
}

type Answer = 'chosen' | 'rejected';

/** How to draw an answer that the selected pair has. */
interface SideLook {
  readonly side: Answer;
  readonly reward: SideReward | null;
  readonly runs: readonly DiffRun[] | null;
  readonly unlike: boolean;
}

/**
 * A list of answers: the pairs that the rule makes from it, the answers of the selected pair side by side, then the
 * other answers, best first, each with its score or rank.
 *
 * @param choose called when the person selects another pair
 */
export function listPane(
  detail: RowDetail,
  look: ListLook,
  choose: (pair: number) => void,
  fields: ListFields | null,
): HTMLElement[] {
  const { list, judged } = detail;
  if (!list) return [];
  const { answers, pairs } = list;
  const selected = Math.min(look.pair, pairs.length - 1);
  const pair = pairs[selected];
  if (!pair) return [note(list), column(list, answers, fields)];
  const others = answers.filter((_, i) => i !== pair.chosen && i !== pair.rejected);
  return [
    note(list),
    listPairs(list, { selected, scored: look.scored, choose }),
    ...(look.scored ? [marginLine({ judged, reward: pair.reward }, look.widest)] : []),
    h('div', { class: 'columns list-pair' }, ...sides(list, pair, look, fields)),
    ...(others.length === 0 ? [] : [heading(others.length), column(list, others, fields)]),
  ];
}

function note({ pairCount, pairs, rule }: ListDetail): HTMLElement {
  const more = pairCount > pairs.length ? ` ${strings.firstPairs(pairs.length)}` : '';
  return h('p', { class: 'list-note muted' }, strings.listNote(pairCount, rule), more);
}

function heading(count: number): HTMLElement {
  return h('h3', { class: 'others muted' }, strings.otherAnswers(count));
}

function column(list: ListDetail, answers: readonly ListedAnswer[], fields: ListFields | null): HTMLElement {
  const sections = answers.map((answer) => section(list, answer, null, fields));
  return h('div', { class: 'columns single' }, h('div', { class: 'list' }, ...sections));
}

/** The two answers of a pair. */
function sides(
  list: ListDetail,
  { chosen, rejected, reward }: ListedPair,
  { diff }: ListLook,
  fields: ListFields | null,
): HTMLElement[] {
  const answers = { chosen: at(list.answers, chosen), rejected: at(list.answers, rejected) };
  const [a, b] = [lastText(answers.chosen), lastText(answers.rejected)];
  const found = diff ? wordDiff(a, b) : null;
  const isUnlike = diff && found === null && a !== '' && b !== '';
  return (['chosen', 'rejected'] as const).map((side) =>
    section(
      list,
      answers[side],
      {
        side,
        reward: reward?.[side] ?? null,
        runs: found?.[side] ?? null,
        unlike: isUnlike && side === 'rejected',
      },
      fields,
    ),
  );
}

function section(
  { measure }: ListDetail,
  answer: ListedAnswer,
  look: SideLook | null,
  fields: ListFields | null,
): HTMLElement {
  const { turns, value, model } = answer;
  const score = value === null ? strings.unrated : `${measure} ${value}`;
  const name = look ? strings[look.side] : fields ? '' : score;
  const head = answerHead({ name, turns, reward: look ? look.reward : null, unlike: look?.unlike === true });
  if (fields && look) head.firstElementChild?.after(fields.score(answer, measure));
  else if (fields) head.prepend(fields.score(answer, measure));
  else if (look) head.firstElementChild?.after(h('span', { class: 'num' }, score));
  if (model !== null) head.append(h('span', { class: 'muted clip', title: model }, model));
  if (fields && turns.length === 1) head.append(turnButton(fields.place(answer, 0)));
  const drawn = turns.map(({ content }, i) => {
    const shown = plainText(content, look?.side ?? 'rejected', look && i === turns.length - 1 ? look.runs : null);
    return turnOf(answer, i, shown, fields);
  });
  const label = look ? `${name} ${score}` : score;
  return h('section', { class: `column ${look ? look.side : ''}`, aria: { label } }, head, ...drawn);
}

function turnOf(
  answer: ListedAnswer,
  turn: number,
  shown: readonly (Node | string)[],
  fields: ListFields | null,
): HTMLElement {
  const { turns } = answer;
  const { role } = at(turns, turn);
  const isAlone = turns.length === 1;
  const name = fields
    ? roleButton(fields.place(answer, turn))
    : h('span', { class: 'role muted clip', title: role }, role);
  const text = fields ? fields.text(answer, turn, shown) : h('div', { class: 'text' }, ...shown);
  const element = h('div', { class: isAlone ? 'turn answer' : `turn ${role}` }, isAlone ? null : name, text);
  return fields ? turnMenu(element, fields.place(answer, turn)) : element;
}

/** The text of the last turn; empty if there is no turn. */
function lastText({ turns }: ListedAnswer): string {
  const last = turns.at(-1);
  return last === undefined ? '' : last.content;
}
