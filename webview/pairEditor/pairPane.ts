import type { Message, Side } from '../../src/pairs/pair';
import type { PairEdit } from '../../src/pairs/pairEdits';
import { wordDiff, type DiffRun } from '../../src/pairs/wordDiff';
import type { RowDetail, RowProblem } from '../../src/protocol/pairEditor';
import { button } from '../shared/controls';
import { h, icon, replace } from '../shared/dom';
import { counted, signed } from '../shared/format';
import { EditField } from './editField';
import { marginLine } from './marginLine';
import { strings } from './strings';

export interface PairPaneOptions {
  readonly edit: (edit: PairEdit, revision: number) => void;
  readonly save: () => void;
  readonly openText: () => void;
  readonly editing: (isEditing: boolean) => void;
}

/** How a row is drawn, beyond what the row itself says. */
export interface PaneLook {
  readonly diff: boolean;
  /** Whether a line for the reward stands there. */
  readonly scored: boolean;
  readonly widest: number;
}

type Answer = 'chosen' | 'rejected';

/** One pair in full: prompt turns, the reward, chosen beside rejected, problems where they belong. */
export class PairPane {
  readonly element = h('main', { class: 'pair' });
  /** The turn people come for: the chosen answer. */
  private first: EditField | null = null;
  private open: EditField | null = null;
  private drawn = '';
  private row = -1;
  private waiting: readonly [RowDetail, PaneLook] | null = null;

  constructor(private readonly options: PairPaneOptions) {}

  beginEdit(): void {
    this.first?.begin();
  }

  /** Commits what is being edited. */
  finishEdit(): void {
    this.open?.finish(true);
  }

  /** Draws a row, unless it stands there already. News of the row that is being edited wait until that is done. */
  show(detail: RowDetail, look: PaneLook): void {
    if (this.open && detail.row === this.row) return void (this.waiting = [detail, look]);
    this.finishEdit();
    const { revision: _, ...content } = detail;
    const wanted = JSON.stringify([content, look]);
    this.waiting = null;
    if (wanted === this.drawn) return;
    const focused = this.element.contains(document.activeElement) ? document.activeElement?.id : undefined;
    if (detail.row !== this.row) this.element.scrollTop = 0;
    this.row = detail.row;
    this.drawn = wanted;
    this.first = null;
    replace(this.element, ...(detail.pair ? this.pair(detail, look) : this.raw(detail)));
    if (focused) document.getElementById(focused)?.focus();
  }

  /** Says something instead of a row. */
  clear(...children: HTMLElement[]): void {
    this.finishEdit();
    this.row = -1;
    this.drawn = '';
    this.first = null;
    replace(this.element, h('div', { class: 'empty' }, ...children));
  }

  private pair(detail: RowDetail, look: PaneLook): (HTMLElement | null)[] {
    const { pair, problems, reward, cut } = detail;
    const runs = look.diff && pair ? wordDiff(lastText(pair.chosen), lastText(pair.rejected)) : null;
    const prompt = (pair?.prompt ?? []).map((turn, i) => this.turn(detail, 'prompt', turn, i, null));
    const note = cut ? h('p', { class: 'problem warn' }, icon('info'), ` ${strings.tooLong} `, h('button', { class: 'link', on: { click: this.options.openText } }, strings.openText)) : null;
    return [
      h('section', { class: 'turns' }, note, ...problemsOf(problems, null), ...prompt, ...problemsOf(problems, 'prompt')),
      look.scored ? marginLine(reward, look.widest) : null,
      h('div', { class: 'columns' }, this.column(detail, 'chosen', runs?.chosen ?? null), this.column(detail, 'rejected', runs?.rejected ?? null)),
    ];
  }

  private column(detail: RowDetail, side: Answer, runs: readonly DiffRun[] | null): HTMLElement {
    const { pair, reward, problems } = detail;
    const turns = pair?.[side] ?? [];
    const head = h(
      'h2',
      {},
      h('b', {}, strings[side]),
      reward ? h('span', { class: 'muted num' }, strings.tokens(counted(side === 'chosen' ? reward.chosenTokens : reward.rejectedTokens))) : null,
      reward ? h('span', { class: 'num' }, strings.reward(signed(reward[side]))) : null,
    );
    const drawn = turns.map((turn, i) => this.turn(detail, side, turn, i, i === turns.length - 1 ? runs : null));
    return h('section', { class: `column ${side}`, aria: { label: strings[side] } }, head, ...drawn, ...problemsOf(problems, side));
  }

  private turn(detail: RowDetail, side: Side, { role, content }: Message, turn: number, runs: readonly DiffRun[] | null): HTMLElement {
    const shown = runs ? joined(runs).map(({ text, kind }) => (kind === 'same' ? text : h(side === 'chosen' ? 'ins' : 'del', {}, text))) : [content];
    const commit = (text: string): void => this.options.edit({ kind: 'text', row: detail.row, side, turn, content: text }, detail.revision);
    const text = detail.cut ? h('div', { class: 'text' }, ...shown) : this.field(`${side}-${turn}`, content, strings.field(side, role), shown, commit);
    const alone = side !== 'prompt' && detail.pair?.[side].length === 1;
    return h('div', { class: alone ? 'turn answer' : `turn ${role}` }, alone ? null : h('span', { class: 'role muted clip', title: role }, role), text);
  }

  /** Rows that are no pair are shown as what they are, and can be mended as text. */
  private raw(detail: RowDetail): HTMLElement[] {
    const raw = detail.raw ?? '';
    const commit = (line: string): void => this.options.edit({ kind: 'raw', row: detail.row, line: line.replaceAll(/\r?\n/g, ' ') }, detail.revision);
    const text = detail.cut ? h('div', { class: 'text' }, raw) : this.field('raw', raw, strings.rawField(String(detail.line)), [raw], commit);
    const note = h('p', { class: 'muted' }, detail.cut ? strings.tooLong : strings.noPair);
    const openText = button({ label: strings.openText, icon: 'go-to-file', onClick: this.options.openText });
    return [h('section', { class: 'turns raw' }, ...problemsOf(detail.problems), note, text, openText)];
  }

  private field(id: string, text: string, label: string, shown: readonly (Node | string)[], commit: (text: string) => void): HTMLElement {
    const field = new EditField({
      id,
      text,
      label,
      shown,
      opened: (opened) => {
        this.open = opened;
        this.options.editing(true);
      },
      closed: (changed) => {
        this.open = null;
        this.options.editing(false);
        // What stands there is not the row as it was any more.
        if (changed !== null) this.drawn = '';
        if (changed !== null) commit(changed);
        else if (this.waiting) this.show(...this.waiting);
      },
      save: this.options.save,
    });
    if (id === 'raw' || id.startsWith('chosen')) this.first = field;
    return field.element;
  }
}

/** Spaces between two marked words are marked with them: one stretch is easier to read than its words. */
function joined(runs: readonly DiffRun[]): DiffRun[] {
  const out: DiffRun[] = [];
  runs.forEach((run, i) => {
    const between = run.kind === 'same' && run.text.trim() === '' && out.at(-1)?.kind === 'only' && runs[i + 1]?.kind === 'only';
    const last = out.at(-1);
    if (last?.kind === 'only' && (between || run.kind === 'only')) out[out.length - 1] = { kind: 'only', text: last.text + run.text };
    else out.push(run);
  });
  return out;
}

function lastText(turns: readonly Message[]): string {
  return turns.at(-1)?.content ?? '';
}

/** @param side null: those of the whole row; left out: all */
function problemsOf(problems: readonly RowProblem[], side?: Side | null): HTMLElement[] {
  const tones = { error: ['error', 'bad'], warning: ['warning', 'warn'], info: ['info', 'muted'] } as const;
  return problems
    .filter((problem) => side === undefined || problem.side === side)
    .map(({ severity, message }) => h('p', { class: `problem ${tones[severity][1]}` }, icon(tones[severity][0]), ` ${message}`));
}
