import markdownIt from 'markdown-it';
import { expect, it } from 'vitest';
import { mathRule } from '../../../webview/richText/mathRule';

const markdown = markdownIt();
mathRule(markdown, (formula, display) => `<m ${display ? 'display' : 'inline'}>${formula}</m>`);
const html = (text: string): string => markdown.render(text).trim();

it('formulas in TeX brackets and in dollars are drawn, also with characters that Markdown reads', () => {
  expect(html('so $a_1 * b_1$ and \\(x_2\\)')).toBe('<p>so <m inline>a_1 * b_1</m> and <m inline>x_2</m></p>');
  expect(html('\\[\nx = 1\n\\]')).toBe('<p><m display>\nx = 1\n</m></p>');
  expect(html('$$x^2$$')).toBe('<p><m display>x^2</m></p>');
});

it('prices, shell variables and code stay text', () => {
  for (const text of ['It costs $5 or $6.', 'Between $ 5 $ and 6', 'a \\( b', 'one $ only'])
    expect(html(text)).not.toContain('<m');
  expect(html('`$a$`')).toBe('<p><code>$a$</code></p>');
});

it('many openings without an end are read in a moment', () => {
  expect(html('\\('.repeat(30_000))).not.toContain('<m');
});
