import { matchesIn, refusedSentences, rowsIn } from '../../../src/pairs/bulk/sentences';
import { patternProblem, type TextSearch } from '../../../src/pairs/bulk/textSearch';
import type { BulkProgress, FoundTexts, PreviewRow } from '../../../src/protocol/bulk';
import { button } from '../../shared/controls';
import { h, icon, replace } from '../../shared/dom';
import { counted } from '../../shared/format';
import { bulkStrings } from './bulkStrings';
import { FindFields, textInput } from './findFields';
import { PreviewList } from './previewList';

/** Pause in typing after which the host searches. */
const settleMs = 250;

export interface FindPanelOptions {
  /** Searches; null: the person looks for nothing. */
  readonly find: (search: TextSearch | null, within: boolean) => void;
  readonly step: (step: 1 | -1) => void;
  readonly preview: (replacement: string, from: number, count: number) => Promise<readonly PreviewRow[]>;
  readonly replace: (replacement: string, except: readonly number[]) => void;
  readonly cancel: () => void;
  readonly show: (row: number) => void;
  /** Called when the panel is closed: the list gets the focus. */
  readonly closed: () => void;
  readonly failed: (error: unknown) => void;
}

/** Find and replace, above the list: the fields, the number of matches, and the rows that a replacement changes. */
export class FindPanel {
  readonly element: HTMLElement;
  private readonly fields = new FindFields(() => this.soon());
  private readonly replacement = textInput(bulkStrings.replace, bulkStrings.replaceHint);
  private readonly said = h('span', { class: 'muted num found', role: 'status' });
  private readonly cancel = h('button', { class: 'link', on: { click: () => this.options.cancel() } });
  private readonly note = h('p', { class: 'banner find-note', role: 'status' });
  private readonly all: HTMLElement;
  private readonly second: HTMLElement;
  private readonly opener: HTMLElement;
  private readonly list: PreviewList;
  private found: FoundTexts | null = null;
  private isReplacing = false;
  private isFixed = false;
  private timer = 0;

  constructor(private readonly options: FindPanelOptions) {
    const { step, show, failed } = options;
    this.cancel.textContent = bulkStrings.cancel;
    this.cancel.hidden = true;
    this.list = new PreviewList({
      rows: (from, count) => options.preview(this.replacement.value, from, count),
      ticked: () => this.drawAll(),
      show,
      failed,
    });
    this.all = button({ label: '', title: bulkStrings.replaceTitle, onClick: () => this.replaceAll() });
    this.replacement.addEventListener('input', () => this.redrawSoon());
    this.opener = glyph('chevron-right', bulkStrings.showReplace, () => this.showReplace(!this.isReplacing));
    const first = h('div', { class: 'bar find-bar' }, this.opener, ...this.fields.elements, this.said, this.cancel);
    first.append(
      h('span', { class: 'grow' }),
      glyph('arrow-up', bulkStrings.previous, () => step(-1)),
      glyph('arrow-down', bulkStrings.next, () => step(1)),
      glyph('close', bulkStrings.close, () => this.close()),
    );
    const field = h('div', { class: 'query find' }, this.replacement);
    const second = h('div', { class: 'bar find-bar' }, h('span', { class: 'indent' }), field, this.all);
    this.second = h('div', {}, second, this.list.element);
    this.element = h('section', { class: 'find-panel', aria: { label: bulkStrings.panel } }, first, this.second);
    this.element.append(this.note);
    this.element.addEventListener('keydown', (event) => this.key(event));
    this.element.hidden = true;
    this.second.hidden = true;
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  /** Whether only the selected rows are searched. */
  get isWithin(): boolean {
    return this.isOpen && this.fields.isWithin;
  }

  /** @param within whether to look only in the selected rows; null: as before */
  open(withReplace: boolean, within: boolean | null): void {
    this.element.hidden = false;
    if (withReplace) this.showReplace(true);
    if (within !== null) this.fields.setWithin(within);
    this.fields.input.focus();
    this.fields.input.select();
    this.search();
  }

  /** Searches again: rows have changed. */
  again(): void {
    if (this.isOpen) this.search();
  }

  /**
   * Shows what was found; null while nothing is looked for.
   *
   * @param fixed why the file is not edited, in a sentence; null if it is
   */
  show(found: FoundTexts | null, fixed: string | null): void {
    this.found = found;
    this.isFixed = fixed !== null;
    this.busy(null);
    const { matches, rows, refused } = found ?? { matches: 0, rows: 0, refused: [] };
    this.said.textContent = found === null ? '' : foundText(matches, rows);
    this.note.textContent = fixed === null || found === null ? refusedSentences(refused).join(' ') : fixed;
    this.list.show(rows);
    this.drawAll();
  }

  /** Shows how far the work is; null if it is done. */
  busy(progress: BulkProgress | null): void {
    this.cancel.hidden = progress === null;
    if (!progress) return;
    const { phase, done, total, matches, rows } = progress;
    if (phase === 'change') {
      this.said.textContent = bulkStrings.changing(counted(done), counted(total));
      return;
    }
    const share = bulkStrings.searching(counted(done), counted(total));
    this.said.textContent = matches === 0 ? share : `${foundText(matches, rows)}, ${share}`;
  }

  /** Shows what was done, or why it was not. */
  say(text: string): void {
    this.busy(null);
    this.note.textContent = text;
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.search(), settleMs);
  }

  private redrawSoon(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.list.redraw(), settleMs);
  }

  private search(): void {
    const { search, isWithin } = this.fields;
    const problem = search && patternProblem(search);
    this.fields.mark(problem !== null);
    if (problem !== null) {
      this.show(null, null);
      return this.say(problem);
    }
    this.options.find(search, isWithin);
  }

  private replaceAll(): void {
    const { found, list } = this;
    if (found && !this.isFixed && found.rows > list.except.length)
      this.options.replace(this.replacement.value, list.except);
  }

  private showReplace(on: boolean): void {
    this.isReplacing = on;
    this.second.hidden = !on;
    this.opener.setAttribute('aria-expanded', String(on));
    replace(this.opener, icon(on ? 'chevron-down' : 'chevron-right'));
    this.list.redraw();
  }

  private drawAll(): void {
    const rows = this.found ? this.found.rows - this.list.except.length : 0;
    this.all.textContent = bulkStrings.replaceIn(rowsIn(rows));
    this.all.toggleAttribute('disabled', rows === 0 || this.isFixed);
  }

  private close(): void {
    clearTimeout(this.timer);
    this.element.hidden = true;
    this.options.cancel();
    this.options.closed();
  }

  private key(event: KeyboardEvent): void {
    const command = event.ctrlKey || event.metaKey;
    const { target } = event;
    if (event.key === 'Escape') this.close();
    else if (event.key === 'Enter' && command) this.replaceAll();
    else if (event.key === 'Enter' && target === this.fields.input) this.options.step(event.shiftKey ? -1 : 1);
    else if (event.key === 'Enter' && target === this.replacement) this.list.focus();
    else {
      // Letters belong to the panel, undo to its fields; other commands and function keys to the workbench.
      const isUndo = target instanceof HTMLInputElement && /^[zy]$/i.test(event.key);
      if (command ? isUndo : !/^F\d/.test(event.key)) event.stopPropagation();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}

function foundText(matches: number, rows: number): string {
  return matches === 0 ? bulkStrings.none : bulkStrings.found(matchesIn(matches), rowsIn(rows));
}

function glyph(name: string, title: string, click: () => void): HTMLElement {
  return h('button', { class: 'toggle', title, aria: { label: title }, on: { click } }, icon(name));
}
