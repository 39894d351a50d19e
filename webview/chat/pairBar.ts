import type { ChatColumn, ChatTurn } from '../../src/protocol/chat';
import { button } from '../shared/controls';
import { h, replace } from '../shared/dom';
import { option } from './fields';
import { strings } from './strings';

export interface PairBarActions {
  save(turn: number): void;
  chooseFile(): void;
  undo(): void;
}

/** Below the answers of a turn: saves the marked ones as a pair. */
export class PairBar {
  readonly element = h('div', { class: 'pair-bar' });
  private drawn = '';

  constructor(private readonly actions: PairBarActions) {}

  draw(
    turn: ChatTurn,
    context: { readonly columns: readonly ChatColumn[]; readonly file: string | null; readonly canUndo: boolean },
  ): void {
    const { columns, file, canUndo } = context;
    const { chosen, rejected, saved, answers } = turn;
    const isMarked = chosen !== null && rejected !== null;
    const drawn = JSON.stringify([isMarked, saved, file, canUndo, columns.length, answers.length]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.element.hidden = columns.length < 2 || answers.length < 2;
    if (saved !== null) {
      const undo = canUndo ? option(strings.undo, strings.undoTitle, () => this.actions.undo()) : null;
      return replace(this.element, h('span', { class: 'good' }, strings.saved(saved)), undo);
    }
    if (!isMarked) return replace(this.element, h('span', { class: 'muted' }, strings.markBoth));
    const { save, chooseFile } = this.actions;
    replace(
      this.element,
      button({ label: strings.save, primary: true, title: strings.saveTitle, onClick: () => save(turn.id) }),
      file === null ? null : h('span', { class: 'muted' }, strings.to(file)),
      file === null ? null : option(strings.otherFile, '', () => chooseFile()),
    );
  }
}
