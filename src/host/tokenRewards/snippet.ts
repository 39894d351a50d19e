import { at } from '../../base/pure/must';
import type { TokenText } from '../../pairs/tokens/tokenRow';

/** How many tokens are shown before the token and after it. Few before it, so that it is visible in a narrow column. */
const [ahead, behind] = [3, 8];

/** A token with the text around it. */
export function snippetOf(
  texts: readonly TokenText[],
  index: number,
): { readonly before: string; readonly text: string; readonly after: string } {
  return {
    before: texts
      .slice(Math.max(0, index - ahead), index)
      .map(textOf)
      .join(''),
    text: textOf(at(texts, index)),
    after: texts
      .slice(index + 1, index + 1 + behind)
      .map(textOf)
      .join(''),
  };
}

const textOf = (text: TokenText): string => (typeof text === 'string' ? text : text.special);
