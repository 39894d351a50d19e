import type { PairEditorHost } from '../../src/protocol/pairEditor';
import { h } from '../shared/dom';
import { isShowingLost } from './compare/isShowingLost';
import { isReviewing } from './review/isReviewing';
import { strings } from './strings';

export type Action = PairEditorHost['events']['act']['name'] | 'goToRow' | 'chooseFormat' | 'render';

interface ActionText {
  readonly name: Action;
  readonly label: string;
  /** The key as written on the button. */
  readonly shown: string;
  /** Values of `KeyboardEvent.key`, in lower case. */
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
  { name: 'goToRow', label: 'Go to row', shown: 'G', keys: ['g'] },
  { name: 'focusFilter', label: 'Filter', shown: '/', keys: ['/'] },
];

/** Keys without a button in the bar. */
const looks: readonly Pick<ActionText, 'name' | 'keys'>[] = [
  { name: 'render', keys: ['m'] },
  { name: 'tokens', keys: ['t'] },
];

/** Edits without a button in the bar: commands of VS Code, see `package.json`. */
const otherEdits: readonly Action[] = ['moveUp', 'moveDown', 'tools'];

/** Whether an action changes the file. */
export function isEdit(action: Action): boolean {
  return edits.some(({ name }) => name === action) || otherEdits.includes(action);
}

/** The bar at the bottom: buttons with their keys, and at the end the place and format of the row. */
export class ActionBar {
  /** Place and format of the row, or a hint. It is a button, because the person may choose another format. */
  private readonly where = h('button', {
    class: 'link muted clip where',
    on: { click: () => this.act('chooseFormat') },
  });
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
    this.setJudged(false);
  }

  /** A judged answer has no second side: *Swap* flips its label instead. */
  setJudged(judged: boolean): void {
    this.swap.textContent = judged ? strings.flipLabel : strings.swap;
  }

  /** Writes a hint at the end of the bar. */
  hint(text: string, isError = false): void {
    this.where.textContent = text;
    this.where.title = `${text}: ${strings.chooseFormat}`;
    this.where.setAttribute('aria-label', this.where.title);
    this.where.classList.toggle('bad', isError);
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

/** Calls `act` for each key that has an action. */
export function onActionKey(act: (action: Action) => void): void {
  document.addEventListener('keydown', (event) => {
    const action = actionOf(event);
    if (!action) return;
    event.preventDefault();
    act(action);
  });
}

/** The action of a key event; null if the key belongs to a text field, to the workbench or to no action. */
function actionOf(event: KeyboardEvent): Action | null {
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
  const action = actionForKey(event.key);
  // The review has keys of its own, which VS Code handles.
  return isShowingLost() || (isReviewing() && action !== 'render') ? null : action;
}

/** The action of a `KeyboardEvent.key`; null if it has none. */
export function actionForKey(key: string): Action | null {
  return [...edits, ...moves, ...looks].find(({ keys }) => keys.includes(key.toLowerCase()))?.name ?? null;
}
