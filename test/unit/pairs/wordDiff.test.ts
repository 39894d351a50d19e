import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import { minShared, wordDiff } from '../../../src/pairs/wordDiff';
import { integer, pick } from './random';

const text = (runs: readonly { text: string }[]): string => runs.map((run) => run.text).join('');

describe('wordDiff', () => {
  it('marks the words that only one side has', () => {
    expect(wordDiff('Lemon is yellow.', 'Lemon is not green.')).toEqual({
      chosen: [
        { text: 'Lemon is ', kind: 'same' },
        { text: 'yellow', kind: 'only' },
        { text: '.', kind: 'same' },
      ],
      rejected: [
        { text: 'Lemon is ', kind: 'same' },
        { text: 'not green', kind: 'only' },
        { text: '.', kind: 'same' },
      ],
    });
  });

  it('compares Chinese character by character and keeps emoji whole', () => {
    expect(wordDiff('我喜欢猫👍🏽', '我喜欢狗👍🏽')?.chosen).toEqual([
      { text: '我喜欢', kind: 'same' },
      { text: '猫', kind: 'only' },
      { text: '👍🏽', kind: 'same' },
    ]);
  });

  it('marks nothing in identical or empty texts', () => {
    expect(wordDiff('same', 'same')?.chosen).toEqual([{ text: 'same', kind: 'same' }]);
    expect(wordDiff('', '')).toEqual({ chosen: [], rejected: [] });
    expect(wordDiff('?!', '?!')?.rejected).toEqual([{ text: '?!', kind: 'same' }]);
  });

  it('marks nothing in answers that share less than a third of their letters', () => {
    expect(wordDiff('The moon pulls the sea.', 'I would not know about that, sorry.')).toBeNull();
    expect(wordDiff('', 'x')).toBeNull();
    const [same, other] = ['a'.repeat(10), 'b'.repeat(10 * (1 / minShared - 1))];
    expect(wordDiff(`${same} ${other}`, `${same} ${other.replaceAll('b', 'c')}`)).not.toBeNull();
    expect(wordDiff(`${same} ${other}b`, `${same} ${other.replaceAll('b', 'c')}c`)).toBeNull();
  });

  it('includes a short equal word between two longer differences', () => {
    const start = 'It rains here for most of the year, so ';
    const diff = wordDiff(`${start}umbrellas are necessary.`, `${start}sunshine are forbidden.`);
    expect(diff?.chosen).toEqual([
      { text: start, kind: 'same' },
      { text: 'umbrellas are necessary', kind: 'only' },
      { text: '.', kind: 'same' },
    ]);
  });

  it.each([...Array(100).keys()])(
    'loses no character, and its equal runs are equal on both sides (seed %i)',
    (seed) => {
      const random = seededRandom(seed);
      const words = ['a', 'b', ' ', '\n', 'déjà', '猫', '.', '👍'];
      const make = (): string => Array.from({ length: integer(random, 40) }, () => pick(random, words)).join('');
      const [chosen, rejected] = [make(), make()];
      const diff = wordDiff(chosen, rejected);
      if (!diff) return;
      const same = (runs: typeof diff.chosen): string => text(runs.filter((run) => run.kind === 'same'));
      expect(text(diff.chosen)).toBe(chosen);
      expect(text(diff.rejected)).toBe(rejected);
      expect(same(diff.chosen)).toBe(same(diff.rejected));
    },
  );

  it('compares long texts by their common start and end', () => {
    const random = seededRandom(5);
    const middle = (): string => Array.from({ length: 12_000 }, () => `w${integer(random, 1e9)}`).join(' ');
    const common = 'The same text for a long while. '.repeat(20_000);
    const diff = wordDiff(common + middle(), common + middle());
    expect(diff?.chosen.map((run) => run.kind)).toEqual(['same', 'only']);
  });

  it('gives up if there are too many differences, because the search takes quadratic time', () => {
    const random = seededRandom(6);
    const make = (): string => Array.from({ length: 4_900 }, () => `w${integer(random, 1e9)}`).join(' ');
    expect(wordDiff(make(), make())).toBeNull();
  });
});
