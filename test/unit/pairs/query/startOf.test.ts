import { describe, expect, it } from 'vitest';
import { at } from '../../../../src/base/pure/must';
import { seededRandom } from '../../../../src/base/pure/seededRandom';
import { firstWords, startTest } from '../../../../src/pairs/query/startOf';

describe('the first words of a text', () => {
  it.each([
    ['Sure, here is a list.', 1, 'sure'],
    ['  As an AI,\n I cannot', 3, 'as an ai'],
    ['I’m sorry', 1, 'i’m'],
    ['作为一个AI语言模型，我不能', 1, '作为一个ai语言模型'],
    ['one two', 3, null],
    ['- item', 1, null],
    ['', 1, null],
    ['x'.repeat(100), 1, null],
  ])('of %j (%i) are %j', (text, count, words) => {
    expect(firstWords(text, count)).toBe(words);
  });

  it('are found by the filter in exactly the texts that have them', () => {
    const seed = 7;
    const next = seededRandom(seed);
    const parts = ['Sure', 'sure-fire', ' ', ', ', 'as', 'an', 'AI', '\n', '…', '1.', '，', '**', 'ß'];
    const texts = Array.from({ length: 500 }, () =>
      Array.from({ length: 6 }, () => at(parts, Math.floor(next() * parts.length))).join(''),
    );
    for (const count of [1, 3])
      for (const text of texts) {
        const words = firstWords(text, count);
        if (words === null) continue;
        const begins = startTest(words);
        const expected = texts.filter((other) => firstWords(other, count) === words);
        expect(texts.filter(begins), `seed ${seed}: ${words}`).toEqual(expected);
      }
  });

  it('without a letter are found as the start of a text', () => {
    expect(startTest('```')('```python\n')).toBe(true);
    expect(startTest('```')('x')).toBe(false);
  });
});
