import type { Message, Side } from '../../src/pairs/pair';
import { wordDiff, type DiffRun } from '../../src/pairs/wordDiff';
import type { PairEdit, RowDetail, RowProblem, RowReward } from '../../src/protocol/pairEditor';
import { h, icon, replace } from '../shared/dom';
import { signed } from '../shared/format';
import { editField, type EditField } from './editField';
import { strings } from './strings';

type DistributiveOmit<T, K extends keyof T> = T extends unknown ? Omit<T, K> : never;
export type RowEdit = DistributiveOmit<PairEdit, 'row'>;

/** One pair in full: prompt turns, the reward, chosen beside rejected, problems where they belong. */
export class PairPane {
  readonly element = h('main', { class: 'pair' });
  private first: EditField | null = null;

  constructor(private readonly edit: (row: number, edit: RowEdit) => void) {}

  /** Starts editing the chosen answer, the turn people come for. */
  beginEdit(): void {
    this.first?.begin();
  }

  show(detail: RowDetail, diff: boolean): void {
    this.first = null;
    const { pair } = detail;
    if (!pair) return this.showRaw(detail);
    const runs = diff ? wordDiff(lastText(pair.chosen), lastText(pair.rejected)) : null;
    const prompt = h('section', { class: 'turns' }, ...pair.prompt.map((turn, i) => this.turn(detail, 'prompt', turn, i, null)), ...problemsOf(detail.problems, 'prompt'), ...problemsOf(detail.problems, null));
    const column = (side: 'chosen' | 'rejected', tokens: number | undefined, reward: number | undefined): HTMLElement => {
      const turns = pair[side].map((turn, i) => this.turn(detail, side, turn, i, i === pair[side].length - 1 ? (runs?.[side] ?? null) : null));
      const facts = tokens === undefined ? null : h('span', { class: 'muted' }, `${tokens} tokens`);
      const score = reward === undefined ? null : h('span', { class: 'num' }, `r ${signed(reward)}`);
      return h('section', { class: `column ${side}` }, h('h2', {}, h('b', {}, side), facts, score), ...turns, ...problemsOf(detail.problems, side));
    };
    const { reward } = detail;
    replace(
      this.element,
      prompt,
      reward ? marginLine(reward) : null,
      h('div', { class: 'columns' }, column('chosen', reward?.chosenTokens, reward?.chosen), column('rejected', reward?.rejectedTokens, reward?.rejected)),
    );
  }

  private turn(detail: RowDetail, side: Side, { role, content }: Message, turn: number, runs: readonly DiffRun[] | null): HTMLElement {
    const shown = runs && side !== 'prompt' ? runs.map(({ text, kind }) => (kind === 'same' ? text : h(side === 'chosen' ? 'ins' : 'del', {}, text))) : [content];
    const field = editField(content, `${side}, ${role}`, shown, (text) => this.edit(detail.row, { kind: 'text', side, turn, content: text }));
    if (side === 'chosen') this.first = field;
    const plainAnswer = side !== 'prompt' && detail.pair?.[side].length === 1;
    return h('div', { class: plainAnswer ? 'turn answer' : 'turn' }, plainAnswer ? null : h('span', { class: 'role muted' }, role), field.element);
  }

  /** Rows that are no pair are shown as what they are, and can be mended as text. */
  private showRaw(detail: RowDetail): void {
    const field = detail.cut ? null : editField(detail.raw, `line ${detail.line}`, [detail.raw], (line) => this.edit(detail.row, { kind: 'raw', line }));
    this.first = field;
    const note = detail.cut ? h('p', { class: 'problem warn' }, strings.notEditable) : null;
    replace(this.element, h('section', { class: 'turns raw' }, ...problemsOf(detail.problems, null), note, field?.element ?? h('div', { class: 'text' }, detail.raw)));
  }

  clear(...children: HTMLElement[]): void {
    this.first = null;
    replace(this.element, h('div', { class: 'empty' }, ...children));
  }
}

function lastText(turns: readonly Message[]): string {
  return turns.at(-1)?.content ?? '';
}

function problemsOf(problems: readonly RowProblem[], side: Side | null): HTMLElement[] {
  const tones = { error: ['error', 'bad'], warning: ['warning', 'warn'], info: ['info', 'muted'] } as const;
  return problems
    .filter((problem) => problem.side === side)
    .map(({ severity, message }) => h('p', { class: `problem ${tones[severity][1]}` }, icon(tones[severity][0]), ` ${message}`));
}

/** The margin, and both rewards as dots on one scale around zero. */
function marginLine({ margin, chosen, rejected, before }: RowReward): HTMLElement {
  const widest = Math.max(Math.abs(chosen), Math.abs(rejected), 1e-6);
  const dot = (value: number, side: string): HTMLElement => {
    const element = h('i', { class: side, title: `${side} ${signed(value)}` });
    element.style.left = `${50 + (45 * value) / widest}%`;
    return element;
  };
  return h(
    'div',
    { class: 'margin-line' },
    h('span', { class: 'muted' }, 'margin'),
    h('b', { class: margin < 0 ? 'num bad' : 'num good' }, signed(margin)),
    h('span', { class: 'scale', aria: { hidden: 'true' } }, dot(chosen, 'chosen'), dot(rejected, 'rejected')),
    before === null ? null : h('span', { class: 'muted num' }, `was ${signed(before)}`),
    margin < 0 ? h('span', { class: 'warn clip' }, icon('warning'), ' the model prefers the rejected answer') : null,
  );
}
