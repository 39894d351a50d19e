import { type DiffRun, wordDiff } from '../../../src/pairs/wordDiff';
import type { Message } from '../../../src/pairs/pair';
import type { ReviewEdit, ReviewPair, ReviewSide, ReviewState } from '../../../src/protocol/review';
import type { RichText } from '../../richText/richText';
import { h, replace } from '../../shared/dom';
import { signed } from '../../shared/format';
import { answerHead } from '../answerHead';
import { EditField } from '../editField';
import { problemsOf } from '../problems';
import { strings } from '../strings';
import { plainText, renderedText } from '../turnText';
import { reviewStrings } from './reviewStrings';

export interface ReviewPaneOptions {
  readonly edit: (edit: ReviewEdit) => void;
  readonly typed: (edit: ReviewEdit) => void;
  readonly save: () => void;
}

type Place = 'left' | 'right';

/** The pair under review: the prompt above, the two answers below it. */
export class ReviewPane {
  readonly element = h('main', { class: 'pair', tabIndex: -1 });
  /** What draws Markdown; null while texts are shown as they are. */
  rich: RichText | null = null;
  private first: EditField | null = null;
  private open: EditField | null = null;
  private waiting: ReviewState | null = null;
  private drawn = '';
  private row = -1;

  constructor(private readonly options: ReviewPaneOptions) {}

  beginEdit(): void {
    this.first?.begin();
  }

  /** Draws the pair if it has changed. While the person edits it, changes wait. */
  draw(state: ReviewState): void {
    const { pair, blind } = state;
    if (this.open && pair?.row === this.row) {
      this.waiting = state;
      return;
    }
    this.open?.finish();
    this.waiting = null;
    const { mark: _mark, revision: _revision, ...shown } = pair ?? { mark: null, revision: 0 };
    const wanted = JSON.stringify([shown, blind, this.rich !== null, pair === null ? state.counts.skipped : 0]);
    if (wanted === this.drawn) return;
    this.drawn = wanted;
    if (pair?.row !== this.row) this.element.scrollTop = 0;
    this.row = pair ? pair.row : -1;
    this.first = null;
    replace(this.element, ...(pair ? this.pair(pair, blind) : [empty(state)]));
  }

  private pair(pair: ReviewPair, blind: boolean): (HTMLElement | null)[] {
    const { prompt, left, right, problems, margin } = pair;
    const diff = blind || this.rich ? null : wordDiff(lastText(left), lastText(right));
    const turns = prompt.map((turn, i) => this.turn(pair, 'prompt', turn, i, prompt.length, null));
    const note = margin === null ? null : h('p', { class: 'muted num margin' }, `${strings.margin} ${signed(margin)}`);
    return [
      h('section', { class: 'turns' }, ...problemsOf(problems, null, null), ...turns, note),
      h(
        'div',
        { class: 'columns' },
        this.column(pair, 'left', blind, diff && diff.chosen),
        this.column(pair, 'right', blind, diff && diff.rejected),
      ),
    ];
  }

  private column(pair: ReviewPair, place: Place, blind: boolean, runs: readonly DiffRun[] | null): HTMLElement {
    const side: ReviewSide = pair[place];
    const look = place === 'left' ? 'chosen' : 'rejected';
    const name = blind ? reviewStrings[place] : strings[look];
    const head = answerHead({ name, turns: side.turns, reward: side.reward, unlike: false });
    const last = side.turns.length - 1;
    const turns = side.turns.map((turn, i) =>
      this.turn(pair, place, turn, i, side.turns.length, i === last ? runs : null),
    );
    const found = problemsOf(side.problems, null, null);
    return h(
      'section',
      { class: blind ? 'column' : `column ${look}`, aria: { label: name } },
      head,
      ...turns,
      ...found,
    );
  }

  private turn(
    { row, revision, fixed }: ReviewPair,
    side: ReviewEdit['side'],
    { role, content }: Message,
    turn: number,
    turns: number,
    runs: readonly DiffRun[] | null,
  ): HTMLElement {
    const look = side === 'left' ? 'chosen' : 'rejected';
    const shown = this.rich ? renderedText(content, this.rich) : plainText(content, look, runs);
    const edit = (text: string): ReviewEdit => ({ row, revision, side, turn, content: text });
    const text = fixed === null ? this.field(`review-${side}-${turn}`, content, role, shown, edit) : null;
    const alone = side !== 'prompt' && turns === 1;
    return h(
      'div',
      { class: alone ? 'turn answer' : `turn ${role}` },
      alone ? null : h('span', { class: 'role muted clip', title: role }, role),
      text ?? h('div', { class: 'text', title: fixed ?? '' }, ...shown),
    );
  }

  private field(
    id: string,
    text: string,
    label: string,
    shown: readonly (Node | string)[],
    edit: (text: string) => ReviewEdit,
  ): HTMLElement {
    const field = new EditField({
      id,
      text,
      label,
      shown,
      rendered: this.rich !== null,
      opened: (opened) => (this.open = opened),
      typed: (typed) => this.options.typed(edit(typed)),
      closed: (changed) => {
        this.open = null;
        if (changed !== null) {
          this.drawn = '';
          this.options.edit(edit(changed));
        } else if (this.waiting) this.draw(this.waiting);
      },
      save: this.options.save,
    });
    if (id.startsWith('review-left')) this.first = field;
    return field.element;
  }
}

function empty({ facet, counts }: ReviewState): HTMLElement {
  const text = facet === 'unreviewed' ? reviewStrings.doneUnreviewed(counts.skipped) : reviewStrings.done;
  return h('div', { class: 'empty' }, h('p', {}, text));
}

/** The text of the last turn; empty if there is no turn. */
function lastText({ turns }: ReviewSide): string {
  const last = turns.at(-1);
  return last === undefined ? '' : last.content;
}
