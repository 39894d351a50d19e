import { type AnswerPlace, type ChatColumn, type ChatTurn, mostPrompt, type PairSide } from '../../src/protocol/chat';
import { h, icon, replace } from '../shared/dom';
import { AnswerCard } from './answerCard';
import { grow, option, textArea } from './fields';
import { PairBar, type PairBarActions } from './pairBar';
import { strings } from './strings';

export interface TurnActions extends PairBarActions {
  resend(turn: number, text: string): void;
  regenerate(place: AnswerPlace): void;
  edit(place: AnswerPlace, text: string | null): void;
  mark(place: AnswerPlace, side: PairSide): void;
}

/** What is around a turn. */
export interface TurnContext {
  readonly columns: readonly ChatColumn[];
  /** From 1. */
  readonly number: number;
  /** Turns after it. */
  readonly after: number;
  readonly isSampled: boolean;
  readonly file: string | null;
  readonly canUndo: boolean;
}

/** A prompt and the answers to it, side by side. */
export class TurnView {
  readonly element = h('section', { class: 'turn' });
  private readonly prompt = h('div', { class: 'prompt' });
  private readonly answers = h('div', { class: 'answers' });
  private readonly bar: PairBar;
  private readonly cards = new Map<number, AnswerCard>();
  private turn: ChatTurn;
  private after = 0;
  private isEditing = false;

  constructor(
    turn: ChatTurn,
    private readonly actions: TurnActions,
  ) {
    this.turn = turn;
    this.bar = new PairBar(actions);
    replace(this.element, this.prompt, this.answers, this.bar.element);
  }

  show(turn: ChatTurn, context: TurnContext): void {
    const { columns, number, after } = context;
    this.turn = turn;
    this.after = after;
    this.element.setAttribute('aria-label', strings.turn(number));
    if (!this.isEditing) this.drawPrompt();
    this.answers.className = `answers columns-${columns.length}`;
    for (const id of this.cards.keys()) if (!columns.some((column) => column.id === id)) this.cards.delete(id);
    const cards = columns.map((column) => this.card(column.id));
    if (
      cards.some((card, i) => this.answers.children[i] !== card.element) ||
      this.answers.children.length > cards.length
    )
      replace(this.answers, ...cards.map(({ element }) => element));
    columns.forEach((column, i) => {
      const answer = turn.answers.find((one) => one.column === column.id) ?? null;
      const side = turn.chosen === column.id ? 'chosen' : turn.rejected === column.id ? 'rejected' : null;
      cards[i]?.show({ column, answer, side, turn: number, after, isSampled: context.isSampled });
    });
    this.bar.draw(turn, context);
  }

  append(column: number, from: number, text: string): boolean {
    return this.cards.get(column)?.append(from, text) ?? false;
  }

  /** The cards that are shown, from left to right. */
  get shown(): readonly HTMLElement[] {
    return [...this.answers.children].filter((one) => one instanceof HTMLElement);
  }

  /** The column of a card; null: it is no card of this turn. */
  columnOf(element: Element | null): number | null {
    for (const [column, card] of this.cards) if (card.element === element) return column;
    return null;
  }

  edit(column: number): void {
    this.cards.get(column)?.edit();
  }

  private card(column: number): AnswerCard {
    const known = this.cards.get(column);
    if (known) return known;
    const place = { turn: this.turn.id, column };
    const { mark, regenerate, edit } = this.actions;
    const card = new AnswerCard({
      mark: (side) => mark(place, side),
      regenerate: () => regenerate(place),
      edit: (text) => edit(place, text),
    });
    this.cards.set(column, card);
    return card;
  }

  private drawPrompt(): void {
    const edit = h(
      'button',
      {
        class: 'option',
        title: strings.editPrompt,
        aria: { label: strings.editPrompt },
        on: { click: () => this.editPrompt() },
      },
      icon('edit'),
    );
    replace(this.prompt, h('div', { class: 'text grow', dir: 'auto' }, this.turn.prompt), edit);
  }

  private editPrompt(): void {
    this.isEditing = true;
    const area = textArea(strings.prompt, '', mostPrompt);
    area.value = this.turn.prompt;
    const close = (): void => {
      this.isEditing = false;
      this.drawPrompt();
      this.prompt.querySelector('button')?.focus();
    };
    const send = (): void => {
      if (area.value.trim() !== '') this.actions.resend(this.turn.id, area.value);
    };
    area.addEventListener('keydown', (event) => {
      event.stopPropagation();
      if (event.key === 'Escape') close();
      else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        send();
      }
    });
    const note = strings.resendTitle(this.after);
    replace(
      this.prompt,
      h('div', { class: 'grow' }, area, note === '' ? null : h('div', { class: 'warn' }, note)),
      option(strings.resend, note, send),
      option(strings.cancel, '', close),
    );
    grow(area);
    area.focus();
  }
}
