import { type ChatAnswer, type ChatColumn, mostPrompt, type PairSide } from '../../src/protocol/chat';
import { h, replace } from '../shared/dom';
import { grow, option, textArea } from './fields';
import { facts, rewardText, rewardTitle, strings } from './strings';

export interface CardActions {
  mark(side: PairSide): void;
  regenerate(): void;
  /** @param text null: as the model wrote it */
  edit(text: string | null): void;
}

/** What a card shows. */
export interface CardContent {
  readonly column: ChatColumn;
  /** null: the model has not been asked. */
  readonly answer: ChatAnswer | null;
  readonly side: PairSide | null;
  /** The number of the turn, from 1, and how many turns come after it. */
  readonly turn: number;
  readonly after: number;
  readonly isSampled: boolean;
}

/** The answer of one model. It stays in the page while its text grows, so the focus stays too. */
export class AnswerCard {
  readonly element = h('article', { class: 'answer', tabIndex: -1 });
  private readonly text = h('div', { class: 'text', dir: 'auto' });
  private readonly head = h('div', { class: 'answer-head' });
  private readonly foot = h('div', { class: 'answer-foot muted' });
  private content: CardContent | null = null;
  private editor: HTMLTextAreaElement | null = null;

  constructor(private readonly actions: CardActions) {
    replace(this.element, this.head, this.text, this.foot);
  }

  show(content: CardContent): void {
    this.content = content;
    const { column, answer, side, turn } = content;
    this.element.setAttribute('aria-label', strings.answerOf(column.label, turn));
    this.element.className = side === null ? 'answer' : `answer ${side}`;
    if (this.editor) return;
    this.drawHead(content);
    const written = answer === null ? '' : (answer.edited ?? answer.text);
    if (this.text.textContent !== written) this.text.textContent = written;
    this.drawFoot(content);
  }

  /** Appends to the text. @returns false if the text before it is another one */
  append(from: number, more: string): boolean {
    if (this.editor) return true;
    if ((this.text.textContent ?? '').length !== from) return false;
    this.text.append(more);
    this.text.normalize();
    return true;
  }

  /** Opens the text for editing. */
  edit(): void {
    const { answer, column } = this.content ?? {};
    if (!answer || !column || answer.state !== 'done' || this.editor) return;
    const editor = textArea(strings.editAnswer(column.label), '', mostPrompt);
    editor.value = answer.edited ?? answer.text;
    this.editor = editor;
    const keep = (): void => this.close(editor.value === answer.text ? null : editor.value);
    editor.addEventListener('keydown', (event) => {
      event.stopPropagation();
      if (event.key === 'Escape') this.close(undefined);
      else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) keep();
    });
    const buttons = [option(strings.keep, '', keep), option(strings.cancel, '', () => this.close(undefined))];
    replace(this.text, editor);
    replace(this.head, h('b', { class: 'name' }, column.label), h('span', { class: 'grow' }), ...buttons);
    grow(editor);
    editor.focus();
  }

  /** @param text null: the model's own; undefined: as it was */
  private close(text: string | null | undefined): void {
    this.editor = null;
    this.text.replaceChildren();
    if (this.content) this.show(this.content);
    this.element.focus();
    if (text !== undefined) this.actions.edit(text);
  }

  private drawHead({ column, answer, side, after }: CardContent): void {
    const { mark, regenerate, edit } = this.actions;
    const focused = [...this.head.querySelectorAll('button')].findIndex((one) => one === document.activeElement);
    const isDone = answer?.state === 'done';
    const marks = [
      option(strings.chosen, strings.chosenTitle, () => mark('chosen'), side === 'chosen'),
      option(strings.rejected, strings.rejectedTitle, () => mark('rejected'), side === 'rejected'),
    ];
    const others = [
      option(strings.again, strings.againTitle(after), regenerate),
      ...(isDone ? [option(strings.edit, strings.editTitle, () => this.edit())] : []),
      ...(isDone && answer.edited !== null ? [option(strings.original, '', () => edit(null))] : []),
    ];
    const actions = answer === null || isDone || answer.state === 'failed' ? others : [];
    replace(
      this.head,
      h('b', { class: 'name' }, column.label),
      ...(isDone ? marks : []),
      h('span', { class: 'grow' }),
      ...actions,
    );
    if (focused >= 0) (this.head.querySelectorAll('button')[focused] ?? this.element).focus();
  }

  private drawFoot({ answer, isSampled }: CardContent): void {
    if (answer === null) return replace(this.foot, strings.noAnswer);
    const { state, problem, reward, edited, text } = answer;
    if (state === 'opening' || state === 'answering')
      return replace(this.foot, h('span', { class: 'pulse' }, strings.states[state]));
    replace(
      this.foot,
      reward &&
        h(
          'span',
          { class: `num ${reward.value < 0 ? 'bad' : 'good'}`, title: rewardTitle(reward) },
          rewardText(reward),
        ),
      state === 'done' ? h('span', {}, facts(answer, isSampled)) : null,
      edited === null ? null : h('span', { class: 'warn' }, strings.edited),
      state === 'done' && text === '' && edited === null ? h('span', {}, strings.blank) : null,
      problem === null ? null : h('span', { class: 'bad problem' }, problem),
    );
  }
}
