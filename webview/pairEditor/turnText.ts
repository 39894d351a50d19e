import { thinkingParts } from '../../src/pairs/thinking';
import type { DiffRun } from '../../src/pairs/wordDiff';
import type { ToolCall } from '../../src/pairs/toolCalls';
import { h, icon } from '../shared/dom';
import { counted } from '../shared/format';
import type { RichText } from '../richText/richText';
import { strings } from './strings';

/** What a turn shows while nobody edits it: its characters, with the word diff if there is one. */
export function plainText(content: string, side: string, runs: readonly DiffRun[] | null): readonly (Node | string)[] {
  const tag = side === 'chosen' ? 'ins' : 'del';
  return runs ? runs.map(({ text, kind }) => (kind === 'same' ? text : h(tag, {}, text))) : [content];
}

/** A turn as a reader of the answer sees it: Markdown, with blocks of thinking folded. */
export function renderedText(content: string, richText: RichText): readonly Node[] {
  return thinkingParts(content).map(({ kind, text }) => {
    const body = h('div', { class: 'rich' });
    body.append(richText(text));
    return kind === 'text' ? body : folded(strings.thinking(counted(text.length)), body);
  });
}

/** The calls of a turn, one card each. */
export function callCards(calls: readonly ToolCall[]): HTMLElement[] {
  return calls.map(({ name, input }) =>
    h('div', { class: 'call' }, h('div', {}, icon('tools'), ` ${name}`), h('pre', {}, input)),
  );
}

function folded(title: string, body: HTMLElement): HTMLElement {
  return h('details', { class: 'thinking' }, h('summary', { class: 'muted' }, title), body);
}
