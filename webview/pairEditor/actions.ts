import type { PairEditorHost } from '../../src/protocol/pairEditor';
import { h } from '../shared/dom';
import { strings } from './strings';

export type Action = PairEditorHost['events']['act']['name'] | 'goToRow';

interface ActionText {
  readonly name: Action;
  readonly label: string;
  /** As written on the button. */
  readonly shown: string;
  /** `KeyboardEvent.key`s, small letters. */
  readonly keys: readonly string[];
}

const edits: readonly ActionText[] = [
  { name: 'swap', label: 'Swap', shown: 'S', keys: ['s'] },
  { name: 'edit', label: 'Edit', shown: 'E', keys: ['e', 'f2'] },
  { name: 'insert', label: 'Insert', shown: 'I', keys: ['i'] },
  { name: 'duplicate', label: 'Duplicate', shown: 'D', keys: ['d'] },
  { name: 'delete', label: 'Delete', shown: 'Del', keys: ['delete'] },
];
const moves: readonly ActionText[] = [
  { name: 'previous', label: 'Previous', shown: 'K', keys: ['k', 'arrowup'] },
  { name: 'next', label: 'Next', shown: 'J', keys: ['j', 'arrowdown'] },
  { name: 'goToRow', label: 'Go to line', shown: 'G', keys: ['g'] },
  { name: 'focusFilter', label: 'Filter', shown: '/', keys: ['/'] },
];

/** The bar at the foot: what one can do, with its keys; at its end a place for the row's own facts. */
export class ActionBar {
  /** A place for the row's own facts. */
  readonly where = h('span', { class: 'muted clip where' });
  readonly element: HTMLElement;
  private readonly swap = h('span', {});

  constructor(private readonly act: (name: Action) => void) {
    const buttons = (group: readonly ActionText[]): HTMLElement[] => group.map((action) => this.button(action));
    this.element = h(
      'div',
      { class: 'bar foot', role: 'toolbar' },
      ...buttons(edits),
      h('span', { class: 'grow' }),
      ...buttons(moves),
      this.where,
    );
    this.meet(false);
  }

  /** A judged answer has no other side to swap with: its label is turned round. */
  meet(judged: boolean): void {
    this.swap.textContent = judged ? strings.flipLabel : strings.swap;
  }

  private button({ name, label, shown }: ActionText): HTMLElement {
    const text = name === 'swap' ? this.swap : label;
    const properties = {
      class: `link action ${name}`,
      aria: { keyshortcuts: shown },
      on: { click: () => this.act(name) },
    };
    return h('button', properties, text, h('kbd', {}, shown));
  }
}

/** The action a key asks for; null where the key belongs to a field, to the workbench or to nobody. */
export function actionOf(event: KeyboardEvent): Action | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const inControl = event
    .composedPath()
    .some(
      (node) =>
        node instanceof HTMLInputElement ||
        node instanceof HTMLTextAreaElement ||
        (node instanceof Element && node.tagName === 'VSCODE-DROPDOWN'),
    );
  if (inControl) return null;
  return [...edits, ...moves].find(({ keys }) => keys.includes(event.key.toLowerCase()))?.name ?? null;
}
