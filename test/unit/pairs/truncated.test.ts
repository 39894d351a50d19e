import { describe, expect, it } from 'vitest';
import { looksTruncated } from '../../../src/pairs/truncated';

const whole = 'A camel lives in the desert.';

describe('an answer seems to be cut off', () => {
  it.each([
    ['in a word that ends no sentence', 'It is warm. That is because the'],
    ['in a contraction', 'I know little about it. And there’s a lot of overlap, so it’s'],
    ['in a comma', 'If you want to learn more. Then ask, for instance,'],
    ['inside a quotation', 'It has a name. They call it the “ship of deserts'],
    ['inside parentheses', 'It has a name (for good reasons. It carries loads'],
    ['inside a word of the other answer', 'Good question. A camel lives in the dese'],
    ['in another script', 'Хороший вопрос. Верблюд живёт в'],
    ['inside a code block', 'Run this:\n```sh\nnpm install'],
  ])('%s', (_, text) => {
    expect(looksTruncated(text, whole)).toBe(true);
  });

  it.each([
    ['ends with a sentence', 'It is warm. That is all.'],
    [
      'has no full stop at its end, but a complete sentence',
      'I have read of them. I haven’t studied much about camels',
    ],
    ['is a list', '1. Owl\n2. Bat\n3. The'],
    ['ends in an address', 'Look here. See https://example.org/about-the'],
    ['has one sentence only', 'Because the'],
    ['asks about a pronoun', 'I am sorry. I had no good answer for you'],
    ['has a closed code block', 'Run this:\n```sh\nnpm install\n  ```\nThat is all.'],
    ['has a fence at the end of a line', 'Run this: ```sh\nnpm install\n```\nThat is all.'],
  ])('not if it %s', (_, text) => {
    expect(looksTruncated(text, whole)).toBe(false);
  });

  it('not if the other answer has no full stop either', () => {
    expect(looksTruncated('It is warm. That is because the', 'Sand everywhere')).toBe(false);
  });
});
