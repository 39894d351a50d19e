import type { PairEditorHost } from '../../src/protocol/pairEditor';
import { h } from '../shared/dom';

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
export function actionBar(act: (name: Action) => void): { readonly element: HTMLElement; readonly where: HTMLElement } {
  const where = h('span', { class: 'muted clip where' });
  const button = ({ name, label, shown }: ActionText): HTMLElement =>
    h('button', { class: `link action ${name}`, aria: { keyshortcuts: shown }, on: { click: () => act(name) } }, label, h('kbd', {}, shown));
  return { element: h('div', { class: 'bar foot', role: 'toolbar' }, ...edits.map(button), h('span', { class: 'grow' }), ...moves.map(button), where), where };
}

/** The action a key asks for; null where the key belongs to a field, to the workbench or to nobody. */
export function actionOf(event: KeyboardEvent): Action | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const inControl = event.composedPath().some((node) => node instanceof HTMLInputElement || node instanceof HTMLTextAreaElement || (node instanceof Element && node.tagName === 'VSCODE-DROPDOWN'));
  if (inControl) return null;
  return [...edits, ...moves].find(({ keys }) => keys.includes(event.key.toLowerCase()))?.name ?? null;
}
