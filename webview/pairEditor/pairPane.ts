import { must } from '../../src/base/pure/must';
import type { Side } from '../../src/pairs/pair';
import type { PairEdit } from '../../src/pairs/pairEdits';
import type { TextSide, TurnSide } from '../../src/pairs/turnEdits';
import { type DiffRun, wordDiff } from '../../src/pairs/wordDiff';
import type { RowDetail, ShownTurn } from '../../src/protocol/pairEditor';
import type { RuleAction } from '../../src/protocol/rowProblem';
import { h, icon, refocus, replace } from '../shared/dom';
import type { RichText } from '../richText/richText';
import { answerHead } from './answerHead';
import { type ChangeAction, changeSection } from './compare/changeSection';
import { FoldedTurns } from './foldedTurns';
import { listFields } from './listFields';
import { type ListFields, listPane } from './listPane';
import { marginLine } from './marginLine';
import { problemsOf } from './problems';
import { type RawActions, rawButtons } from './rawButtons';
import { RowFields, type RowFieldsOptions } from './rowFields';
import { strings, type Unit } from './strings';
import { ToolsField, type ToolsMemory } from './tools/toolsField';
import { callCards, plainText, renderedText } from './turnText';
import { verdictLine } from './verdictLine';
import { placeOf, roleButton, turnButton, turnMenu } from './turnMenu';

export interface PairPaneOptions extends Omit<RowFieldsOptions, 'closed'>, RawActions {
  /** Called with the pair of a list that the person selects. */
  readonly choosePair: (pair: number) => void;
  readonly rule: (asked: RuleAction) => void;
  readonly change: (action: ChangeAction) => void;
}

/** How to draw a row. */
export interface PaneLook {
  readonly diff: boolean;
  /** Whether texts are shown as Markdown, without the diff. */
  readonly rendered: boolean;
  /** Whether to draw the line of margin and rewards. */
  readonly scored: boolean;
  readonly widest: number;
  readonly unit: Unit;
  /** Whether the texts are shown without fields. */
  readonly readOnly: boolean;
  /** Index of the selected pair of a list. */
  readonly pair: number;
  /** What the file is compared with; null if it is not. */
  readonly comparedWith: string | null;
}

type Answer = 'chosen' | 'rejected';

interface Column {
  readonly side: TextSide;
  /** Whose colours the column has. */
  readonly colours: Answer;
  readonly turns: readonly ShownTurn[];
  readonly head: HTMLElement;
  readonly runs: readonly DiffRun[] | null;
}

/** One row in full: prompt, reward, the answers, and each problem at its side. */
export class PairPane {
  readonly element = h('main', { class: 'pair' });
  private readonly fields: RowFields;
  private tools: ToolsField | null = null;
  private readonly memory: ToolsMemory = { drafts: new Map(), isUnfolded: false };
  private readonly folded = new FoldedTurns();
  private drawn = '';
  private row = -1;
  private readOnly = false;
  private rich: RichText | null = null;
  /** What draws Markdown; null until it is loaded. */
  richText: RichText | null = null;
  private waiting: readonly [RowDetail, PaneLook] | null = null;

  constructor(private readonly options: PairPaneOptions) {
    this.fields = new RowFields({
      ...options,
      closed: (isChanged) => {
        // The view no longer shows the row that it drew.
        if (isChanged) this.drawn = '';
        else if (this.waiting) this.show(...this.waiting);
      },
    });
  }

  beginEdit(): void {
    this.fields.begin();
  }

  /** Opens the field of a turn, if the row that is shown has it. */
  beginTurn(side: TurnSide, turn: number): void {
    this.fields.beginTurn(side, turn);
  }

  /** Opens the field of the row's tools. @returns why it does not open; null if it does, or no row is shown */
  beginTools(): string | null {
    this.tools?.begin();
    return this.tools && this.tools.refusal;
  }

  /** Commits the open field. */
  finishEdit(): void {
    this.fields.finish();
  }

  /** Draws a row, unless it is drawn already. While a person edits the shown row, changes of it wait. */
  show(detail: RowDetail, look: PaneLook): void {
    if (this.fields.isOpen && detail.row === this.row) {
      this.waiting = [detail, look];
      return;
    }
    this.finishEdit();
    const { revision: _, ...content } = detail;
    const wanted = JSON.stringify([content, look]);
    this.waiting = null;
    if (wanted === this.drawn) return;
    const focused = this.element.contains(document.activeElement) ? document.activeElement?.id : undefined;
    if (detail.row !== this.row) {
      this.element.scrollTop = 0;
      this.folded.clear();
    }
    this.row = detail.row;
    this.drawn = wanted;
    this.tools = null;
    this.fields.clear();
    this.readOnly = look.readOnly;
    this.rich = look.rendered ? this.richText : null;
    replace(this.element, this.change(detail, look), ...this.content(detail, look));
    if (focused) refocus(document.getElementById(focused));
  }

  /** Shows a message in place of a row. */
  clear(...children: HTMLElement[]): void {
    this.finishEdit();
    this.row = -1;
    this.drawn = '';
    this.tools = null;
    this.fields.clear();
    replace(this.element, h('div', { class: 'empty' }, ...children));
  }

  private change({ change }: RowDetail, { comparedWith, readOnly }: PaneLook): HTMLElement | null {
    if (change === null || comparedWith === null) return null;
    return changeSection(change, { name: comparedWith, readOnly, act: this.options.change });
  }

  private content(detail: RowDetail, look: PaneLook): (HTMLElement | null)[] {
    const { pair, judged, list } = detail;
    const prompt = list && this.listPrompt(detail, list.prompt);
    if (list)
      return [prompt, verdictLine(detail), ...listPane(detail, look, this.options.choosePair, this.listFields(detail))];
    const read = pair ?? judged;
    if (!read) return this.raw(detail, look);
    return [
      this.prompt(detail, read.prompt),
      look.scored ? marginLine(detail, look.widest) : null,
      verdictLine(detail),
      pair ? this.answers(detail, pair, look) : null,
      judged ? this.judged(detail, judged) : null,
    ];
  }

  private prompt(detail: RowDetail, turns: readonly ShownTurn[]): HTMLElement {
    const { cut } = detail;
    const openText = h('button', { class: 'link', on: { click: this.options.openText } }, strings.openText);
    const note = cut ? h('p', { class: 'problem warn' }, icon('info'), ` ${strings.tooLong} `, openText) : null;
    const drawn = turns.map((turn, i) => this.turn(detail, 'prompt', turn, i, turns.length, null));
    const [ofRow, ofPrompt] = [this.problems(detail, [null]), this.problems(detail, ['prompt'])];
    return h('section', { class: 'turns' }, note, ...ofRow, this.toolsOf(detail), ...drawn, ...ofPrompt);
  }

  /** The prompt of a list, and all problems of the row. */
  private listPrompt(detail: RowDetail, turns: readonly ShownTurn[]): HTMLElement {
    const drawn = turns.map((turn, i) => this.turn(detail, 'prompt', turn, i, turns.length, null));
    return h('section', { class: 'turns' }, ...this.problems(detail, null), this.toolsOf(detail), ...drawn);
  }

  private toolsOf(detail: RowDetail): HTMLElement | null {
    const { row, revision, tools } = detail;
    if (tools === null) return null;
    const closed = (text: string | null): void =>
      this.fields.left(text === null ? null : { kind: 'tools', row, text }, revision);
    const { memory, readOnly: fixed } = this;
    const opened = (field: ToolsField): void => this.fields.opened(field);
    const place = [row, tools.text].join(' ');
    this.tools = new ToolsField({ tools, fixed, memory, place, opened, closed, save: this.options.save });
    return this.tools.element;
  }

  private listFields(detail: RowDetail): ListFields | null {
    return detail.cut || this.readOnly ? null : listFields(this.fields, detail);
  }

  private answers(detail: RowDetail, pair: NonNullable<RowDetail['pair']>, look: PaneLook): HTMLElement {
    const [chosen, rejected] = [lastText(pair.chosen), lastText(pair.rejected)];
    const marked = look.diff && !look.rendered;
    const diff = marked ? wordDiff(chosen, rejected) : null;
    const isUnlike = marked && diff === null && chosen !== '' && rejected !== '';
    const column = (side: Answer): HTMLElement => {
      const reward = detail.reward?.[side] ?? null;
      const head = answerHead({
        name: strings[side],
        turns: pair[side],
        reward,
        unlike: isUnlike && side === 'rejected',
      });
      return this.column(detail, { side, colours: side, turns: pair[side], head, runs: diff?.[side] ?? null });
    };
    return h('div', { class: 'columns' }, column('chosen'), column('rejected'));
  }

  private judged(detail: RowDetail, { completion, label }: NonNullable<RowDetail['judged']>): HTMLElement {
    const side = label ? 'chosen' : 'rejected';
    const name = label ? strings.goodAnswer : strings.badAnswer;
    const head = answerHead({ name, turns: completion, reward: detail.reward?.[side] ?? null, unlike: false });
    const column = this.column(detail, { side: 'completion', colours: side, turns: completion, head, runs: null });
    return h('div', { class: 'columns single' }, column);
  }

  private column(detail: RowDetail, { side, colours, turns, head, runs }: Column): HTMLElement {
    const last = turns.length - 1;
    const [only] = turns;
    if (only && last === 0 && !detail.cut && !this.readOnly)
      head.append(turnButton(placeOf(detail, side, only.role, 0, 1)));
    const drawn = turns.map((turn, i) => this.turn(detail, side, turn, i, turns.length, i === last ? runs : null));
    const found = this.problems(detail, side === 'completion' ? ['chosen', 'rejected'] : [side]);
    return h('section', { class: `column ${colours}`, aria: { label: head.innerText } }, head, ...drawn, ...found);
  }

  private turn(
    detail: RowDetail,
    side: TextSide,
    { role, content, calls = [] }: ShownTurn,
    turn: number,
    turns: number,
    runs: readonly DiffRun[] | null,
  ): HTMLElement {
    const shown = this.rich ? renderedText(content, this.rich) : plainText(content, side, runs);
    const edit = (text: string): PairEdit => ({ kind: 'text', row: detail.row, side, turn, content: text });
    const label = strings.field(side, role);
    const fixed = detail.cut || this.readOnly;
    const text = fixed
      ? h('div', { class: 'text', dir: 'auto' }, ...shown)
      : this.field(detail, `${side}-${turn}`, content, label, shown, edit);
    const alone = side !== 'prompt' && turns === 1;
    const place = placeOf(detail, side, role, turn, turns);
    const name = fixed ? h('span', { class: 'role muted clip', title: role }, role) : roleButton(place);
    const foldable = this.folded.wrap(`${side}-${turn}`, content, text);
    const body = calls.length === 0 ? foldable : h('div', {}, foldable, ...callCards(calls));
    const element = h('div', { class: alone ? 'turn answer' : `turn ${role}` }, alone ? null : name, body);
    return fixed ? element : turnMenu(element, place);
  }

  private problems(detail: RowDetail, sides: readonly (Side | null)[] | null): HTMLElement[] {
    const { row, revision } = detail;
    const fix = (rule: string): void => this.options.edit({ kind: 'fix', row, rule }, revision);
    return problemsOf(detail.problems, sides, { fix: this.readOnly ? null : fix, rule: this.options.rule, row });
  }

  /** A row that holds nothing to train on, as raw text that a person can fix. */
  private raw(detail: RowDetail, look: PaneLook): HTMLElement[] {
    const raw = must(detail.raw, 'the text of a row that holds no pair');
    const edit = (line: string): PairEdit => ({ kind: 'raw', row: detail.row, line: rawLine(line, raw) });
    const label = strings.rawField(String(detail.line), look.unit);
    const fixed = detail.cut || look.readOnly;
    const text = fixed ? h('div', { class: 'text' }, raw) : this.field(detail, 'raw', raw, label, [raw], edit);
    const say = detail.cut ? strings.tooLong : look.readOnly ? strings.noPairHere : strings.noPair;
    const note = h('p', { class: 'muted' }, say);
    const buttons = rawButtons(detail.problems, this.options);
    return [h('section', { class: 'turns raw' }, ...this.problems(detail, null), note, text, buttons)];
  }

  private field(
    { revision }: RowDetail,
    id: string,
    text: string,
    label: string,
    shown: readonly (Node | string)[],
    edit: (text: string) => PairEdit,
  ): HTMLElement {
    return this.fields.add({ revision, id, text, label, shown, rendered: this.rich !== null && id !== 'raw', edit });
  }
}

/** Keeps a row of one line on one line, because a line break would end the row. */
function rawLine(text: string, before: string): string {
  return before.includes('\n') ? text : text.replaceAll(/\r?\n/g, ' ');
}

/** The text of the last turn; empty if there is no turn. */
function lastText(turns: readonly ShownTurn[]): string {
  const last = turns.at(-1);
  return last === undefined ? '' : last.content;
}
