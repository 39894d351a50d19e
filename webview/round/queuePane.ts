import type { Message } from '../../src/pairs/pair';
import type { QueueState, ShownDraft, ShownPrompt } from '../../src/protocol/round';
import { EditField } from '../pairEditor/editField';
import { h, replace } from '../shared/dom';
import { strings } from './strings';

export interface QueuePaneOptions {
  readonly mark: (as: 'best' | 'worst', place: number) => void;
  readonly edited: (key: string, place: number, text: string) => void;
}

/** The prompt under judgement: what was asked above, the unnamed drafts below it. */
export class QueuePane {
  readonly element = h('main', { class: 'queue', tabIndex: -1 });
  private fields: readonly EditField[] = [];
  private open: EditField | null = null;
  private waiting: QueueState | null = null;
  private drawn = '';
  private key = '';

  constructor(private readonly options: QueuePaneOptions) {}

  /** Opens the field of a draft. @param place from 1 */
  beginEdit(place: number): void {
    this.fields[place - 1]?.begin();
  }

  /** Draws the prompt if it has changed. While the person edits one of its drafts, changes wait. */
  draw(queue: QueueState): void {
    const { prompt } = queue;
    if (this.open && prompt?.key === this.key) {
      this.waiting = queue;
      return;
    }
    this.open?.finish();
    this.waiting = null;
    const wanted = JSON.stringify(prompt ?? [queue.pairs, queue.skipped, queue.progress.total]);
    if (wanted === this.drawn) return;
    this.drawn = wanted;
    const isOther = prompt?.key !== this.key;
    this.key = prompt ? prompt.key : '';
    this.fields = [];
    replace(this.element, ...(prompt ? this.prompt(prompt) : [empty(queue)]));
    if (isOther) this.element.scrollTop = 0;
  }

  private prompt(prompt: ShownPrompt): HTMLElement[] {
    const { key, messages, drafts, verdict } = prompt;
    const said = verdict === null ? null : h('span', { class: 'verdict-said' }, strings.verdicts[verdict]);
    const turns = messages.map((message, i) => turn(message, i === messages.length - 1 ? said : null));
    const cards = drafts.map((draft, i) => this.card(key, draft, i + 1));
    return [
      h('section', { class: 'asked', aria: { label: strings.prompt } }, ...turns),
      h('section', { class: drafts.length === 2 ? 'cards two' : 'cards', aria: { label: strings.drafts } }, ...cards),
    ];
  }

  private card(key: string, draft: ShownDraft, place: number): HTMLElement {
    const { mark, tokens, isCut, edited, reward } = draft;
    return h(
      'article',
      { class: mark === null ? 'card' : `card ${mark}`, aria: { label: strings.draftLabel(place) } },
      h(
        'header',
        {},
        h('b', {}, strings.letter(place)),
        this.markButton('best', mark === 'best', place),
        this.markButton('worst', mark === 'worst', place),
        edited === null ? null : h('span', { class: 'muted' }, strings.edited),
        h('span', { class: 'grow' }),
        reward === null ? null : h('span', { class: 'num' }, strings.reward(reward)),
        h('span', { class: 'num muted' }, strings.tokens(tokens, isCut)),
      ),
      this.text(key, draft, place),
    );
  }

  private markButton(as: 'best' | 'worst', isOn: boolean, place: number): HTMLElement {
    const label = isOn ? strings[`${as}On`] : strings[as];
    const key = as === 'best' ? String(place) : `⇧${place}`;
    return h(
      'button',
      {
        class: isOn ? `mark ${as} on` : `mark ${as}`,
        aria: {
          pressed: String(isOn),
          keyshortcuts: as === 'best' ? String(place) : `Shift+${place}`,
        },
        on: { click: () => this.options.mark(as, place) },
      },
      label,
      h('kbd', {}, key),
    );
  }

  private text(key: string, { text, edited }: ShownDraft, place: number): HTMLElement {
    const shown = edited ?? text;
    const field = new EditField({
      id: `draft-${place}`,
      text: shown,
      label: strings.draftLabel(place),
      shown: [shown],
      rendered: false,
      opened: (opened) => (this.open = opened),
      typed: () => undefined,
      closed: (changed) => {
        this.open = null;
        if (changed !== null) {
          this.drawn = '';
          this.options.edited(key, place, changed);
        } else if (this.waiting) this.draw(this.waiting);
      },
      save: () => undefined,
    });
    this.fields = [...this.fields, field];
    return field.element;
  }
}

function turn({ role, content }: Message, said: HTMLElement | null): HTMLElement {
  return h(
    'div',
    { class: 'turn' },
    h('span', { class: 'role muted' }, role, said === null ? null : ' · ', said),
    h('div', { class: 'text', dir: 'auto' }, content),
  );
}

function empty(queue: QueueState): HTMLElement {
  const text = queue.progress.total === 0 ? strings.noDrafts : strings.allJudged(queue);
  return h('div', { class: 'empty' }, h('p', {}, text));
}
