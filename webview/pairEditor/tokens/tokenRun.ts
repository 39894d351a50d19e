import type { TokenRun, TokenText } from '../../../src/pairs/tokens/tokenRow';
import { h } from '../../shared/dom';
import { tokenStrings } from './tokenStrings';

/** The tokens of a run, each with an edge of its own, and how many are not shown. @param look `masked`, `chosen`, … */
export function runElements({ count, start, end }: TokenRun, look: string): HTMLElement[] {
  if (count === 0) return [];
  const hidden = count - start.length - end.length;
  const gap = hidden > 0 ? [h('span', { class: 'token-gap' }, tokenStrings.omitted(hidden))] : [];
  const tokens = [...start.map(token), ...gap, ...end.map(token)];
  return [h('span', { class: `token-run ${look}` }, ...tokens)];
}

function token(text: TokenText): HTMLElement {
  if (typeof text !== 'string') return h('span', { class: 'token special' }, text.special);
  return h('span', { class: 'token' }, ...visible(text));
}

/** A line break ends the line, and is seen: it is a token or a part of one. */
function visible(text: string): (Node | string)[] {
  return text
    .split(/(\n)/)
    .flatMap((part) =>
      part === '\n'
        ? [h('span', { class: 'token-break', aria: { hidden: 'true' } }, '↵'), '\n']
        : part === ''
          ? []
          : [part],
    );
}
