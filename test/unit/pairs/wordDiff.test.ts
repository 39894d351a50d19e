import { describe, expect, it } from 'vitest';
import { wordDiff } from '../../../src/pairs/wordDiff';
import { integer, pick, randomFrom } from './random';

const text = (runs: readonly { text: string }[]): string => runs.map((run) => run.text).join('');

describe('wordDiff', () => {
  it('marks the words that one side alone has', () => {
    expect(wordDiff('Lemon is yellow.', 'Lemon is not green.')).toEqual({
      chosen: [{ text: 'Lemon is ', kind: 'same' }, { text: 'yellow', kind: 'only' }, { text: '.', kind: 'same' }],
      rejected: [{ text: 'Lemon is ', kind: 'same' }, { text: 'not green', kind: 'only' }, { text: '.', kind: 'same' }],
      fine: true,
    });
  });

  it('compares Chinese character by character and keeps emoji whole', () => {
    const { chosen } = wordDiff('我喜欢猫👍🏽', '我喜欢狗👍🏽');
    expect(chosen).toEqual([{ text: '我喜欢', kind: 'same' }, { text: '猫', kind: 'only' }, { text: '👍🏽', kind: 'same' }]);
  });

  it('has nothing to mark in identical or empty texts', () => {
    expect(wordDiff('same', 'same').chosen).toEqual([{ text: 'same', kind: 'same' }]);
    expect(wordDiff('', '')).toEqual({ chosen: [], rejected: [], fine: true });
    expect(wordDiff('', 'x').rejected).toEqual([{ text: 'x', kind: 'only' }]);
  });

  it.each([...Array(100).keys()])('loses no character, and what is the same is the same on both sides (seed %i)', (seed) => {
    const random = randomFrom(seed);
    const words = ['a', 'b', ' ', '\n', 'déjà', '猫', '.', '👍'];
    const make = (): string => Array.from({ length: integer(random, 40) }, () => pick(random, words)).join('');
    const [chosen, rejected] = [make(), make()];
    const diff = wordDiff(chosen, rejected);
    const same = (runs: typeof diff.chosen): string => text(runs.filter((run) => run.kind === 'same'));
    expect(text(diff.chosen)).toBe(chosen);
    expect(text(diff.rejected)).toBe(rejected);
    expect(same(diff.chosen)).toBe(same(diff.rejected));
  });

  it('falls back to common start and end where the texts are too large and different', () => {
    const random = randomFrom(5);
    const make = (): string => `start ${Array.from({ length: 30_000 }, () => `w${integer(random, 1e9)}`).join(' ')} end`;
    const [chosen, rejected] = [make(), make()];
    const diff = wordDiff(chosen, rejected);
    expect(diff.fine).toBe(false);
    expect(diff.chosen.map((run) => run.kind)).toEqual(['same', 'only', 'same']);
    expect(text(diff.rejected)).toBe(rejected);
  });

  it('gives up the fine search, which takes the square of the differences, where they are too many', () => {
    const random = randomFrom(6);
    const make = (): string => Array.from({ length: 4_900 }, () => `w${integer(random, 1e9)}`).join(' ');
    expect(wordDiff(make(), make()).fine).toBe(false);
  });
});
