import type { ReviewField, ReviewInput, ReviewState } from '../../../src/protocol/review';
import type { RichText } from '../../richText/richText';
import { button } from '../../shared/controls';
import { h, icon, refocus, replace } from '../../shared/dom';
import { counted } from '../../shared/format';
import { Facets } from './facets';
import { JudgeBar } from './judgeBar';
import { OpinionBar, spokenOpinions } from './opinionBar';
import { ReviewPane } from './reviewPane';
import { reviewStrings } from './reviewStrings';

export interface ReviewViewOptions {
  readonly send: (input: ReviewInput) => void;
  /** Tells screen readers. */
  readonly announce: (text: string) => void;
  readonly save: () => void;
}

/** The review: a rail of facets, the pair, and bars with the keys. The host decides what is shown. */
export class ReviewView {
  readonly element: HTMLElement;
  private readonly facets = new Facets((facet) => this.options.send({ kind: 'facet', facet }));
  private readonly pane: ReviewPane;
  private readonly judge: JudgeBar;
  private readonly opinions = new OpinionBar();
  private readonly title = h('b', {}, reviewStrings.title);
  private readonly head = h('span', { class: 'review-head' });
  private readonly fill = h('i', {});
  private readonly blindNote = h('span', { class: 'muted clip' });
  private readonly blind: HTMLElement;
  private readonly said = h('div', { class: 'said' });
  private state: ReviewState | null = null;
  private announced = '';

  constructor(private readonly options: ReviewViewOptions) {
    const { send, save } = options;
    this.pane = new ReviewPane({
      edit: (edit) => send({ kind: 'edit', ...edit }),
      typed: (edit) => send({ kind: 'typed', ...edit }),
      save,
    });
    this.judge = new JudgeBar({
      act: (action) => send({ kind: 'act', action }),
      dimension: (name, value) => send({ kind: 'dimension', name, value }),
    });
    const act = (action: 'blind' | 'sample' | 'leave') => () => send({ kind: 'act', action });
    this.blind = button({ label: reviewStrings.blind(false), onClick: act('blind') });
    const { sample, sampleTitle, leave } = reviewStrings;
    const top = h(
      'div',
      { class: 'bar' },
      this.title,
      this.head,
      h('span', { class: 'grow' }),
      this.blindNote,
      this.blind,
      button({ label: sample, title: sampleTitle, onClick: act('sample') }),
      h('button', { class: 'link action', on: { click: act('leave') } }, leave, h('kbd', {}, 'Esc')),
    );
    const pair = h(
      'div',
      { class: 'review-pair' },
      this.pane.element,
      this.opinions.element,
      this.said,
      this.judge.element,
    );
    this.element = h('div', { class: 'review' }, top, h('div', { class: 'split' }, this.facets.element, pair));
  }

  focus(): void {
    this.pane.element.focus();
  }

  /** Shows texts as Markdown from now on; null: as they are. */
  render(rich: RichText | null): void {
    this.pane.rich = rich;
    if (this.state) this.pane.draw(this.state);
  }

  show(state: ReviewState): void {
    const focused = this.element.contains(document.activeElement) ? document.activeElement : null;
    this.state = state;
    this.drawHead(state);
    this.facets.draw(state);
    this.pane.draw(state);
    this.opinions.draw(state.adjudication);
    this.judge.draw(state);
    this.drawSaid(state);
    // A redrawn button loses the focus, and the keys would go to nobody.
    if (focused && !focused.isConnected) refocus(this.pane.element);
    const { pair, hint } = state;
    const opinions = spokenOpinions(state.adjudication);
    const said =
      hint === '' && pair
        ? reviewStrings.announce(counted(pair.line), startOf(state), opinions)
        : `${hint} ${opinions}`.trim();
    if (said !== this.announced) this.options.announce(said);
    this.announced = said;
  }

  openField(name: ReviewField): void {
    const { state } = this;
    if (!state?.pair) return;
    if (name === 'edit') return this.pane.beginEdit();
    const { note, tags } = state.pair.mark;
    const isNote = name === 'note';
    const label = isNote ? reviewStrings.noteField : reviewStrings.tagField;
    this.ask(label, isNote ? note : tags.join(', '), (text) =>
      this.options.send(isNote ? { kind: 'note', text } : { kind: 'tags', tags: tagsIn(text) }),
    );
  }

  private drawHead({ queue, progress, blind, adjudication }: ReviewState): void {
    this.title.textContent = adjudication ? reviewStrings.adjudicate : reviewStrings.title;
    this.fill.style.width = `${progress.total === 0 ? 0 : (100 * progress.done) / progress.total}%`;
    replace(
      this.head,
      h('span', { class: 'muted clip', title: queue }, queue),
      h('span', { class: 'progress', aria: { hidden: 'true' } }, this.fill),
      h('b', { class: 'num' }, counted(progress.done)),
      h('span', { class: 'muted num' }, reviewStrings.progress(progress)),
    );
    this.blindNote.textContent = blind ? reviewStrings.blindNote : '';
    this.blind.textContent = reviewStrings.blind(blind);
    this.blind.setAttribute('aria-pressed', String(blind));
  }

  /** A hint, or the note and tags of the pair. */
  private drawSaid({ hint, pair }: ReviewState): void {
    if (this.said.querySelector('input')) return;
    const mark = pair?.mark;
    const problem = hint === '' ? null : h('span', { class: 'warn' }, icon('info'), ` ${hint}`);
    const tags = (mark ? mark.tags : []).map((tag) => h('span', { class: 'mark-tag' }, tag));
    const note = mark && mark.note !== '' ? h('span', { class: 'muted clip', title: mark.note }, mark.note) : null;
    replace(this.said, problem, ...tags, note);
  }

  /** Opens a field above the bars. Enter keeps the text, Esc does not. */
  private ask(label: string, text: string, keep: (text: string) => void): void {
    const field = document.createElement('input');
    field.value = text;
    field.setAttribute('aria-label', label);
    field.placeholder = label;
    const close = (): void => {
      field.remove();
      if (this.state) this.drawSaid(this.state);
      this.focus();
    };
    field.addEventListener('keydown', (event) => {
      // Letters are text here, not commands of the review.
      event.stopPropagation();
      if (event.key !== 'Enter' && event.key !== 'Escape') return;
      event.preventDefault();
      if (event.key === 'Enter') keep(field.value.trim());
      close();
    });
    replace(this.said, field);
    field.focus();
    field.select();
  }
}

function tagsIn(text: string): readonly string[] {
  return text
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

/** The start of the last turn of the prompt. */
function startOf({ pair }: ReviewState): string {
  const last = pair?.prompt.at(-1);
  return last === undefined ? '' : last.content.slice(0, 80);
}
