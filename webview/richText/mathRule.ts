import type { MarkdownIt } from 'markdown-it';
import { must } from '../../src/base/pure/must';

/** Most characters of a formula: an opening bracket without an end must not search the whole text. */
const longest = 2000;

interface Form {
  readonly pattern: RegExp;
  readonly display: boolean;
}

/** How models write formulas: TeX's brackets, and dollars as in Pandoc's `tex_math_dollars`. */
const forms: readonly Form[] = [
  { pattern: new RegExp(`\\$\\$([^$]{1,${longest}})\\$\\$`, 'y'), display: true },
  // No space inside the dollars and no digit after them, so that prices stay text.
  { pattern: new RegExp(`\\$(?!\\s)([^$\\n]{1,${longest}}?)(?<!\\s)\\$(?!\\d)`, 'y'), display: false },
  { pattern: new RegExp(`\\\\\\[([\\s\\S]{1,${longest}}?)\\\\\\]`, 'y'), display: true },
  { pattern: new RegExp(`\\\\\\(([\\s\\S]{1,${longest}}?)\\\\\\)`, 'y'), display: false },
];

/** Teaches Markdown to leave formulas to `draw`, which gives their HTML. */
export function mathRule(markdown: MarkdownIt, draw: (formula: string, display: boolean) => string): void {
  markdown.inline.ruler.before('escape', 'math', (state, silent) => {
    for (const { pattern, display } of forms) {
      pattern.lastIndex = state.pos;
      const match = pattern.exec(state.src);
      if (!match) continue;
      if (!silent) {
        const token = state.push('math', 'math', 0);
        token.content = must(match[1], 'the formula');
        token.markup = display ? '$$' : '$';
      }
      state.pos += match[0].length;
      return true;
    }
    return false;
  });
  markdown.renderer.rules['math'] = (tokens, i) => {
    const { content, markup } = must(tokens[i], 'the token of a formula');
    return draw(content, markup === '$$');
  };
}
