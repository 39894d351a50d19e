import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TypedText } from '../../../src/editor/typedText';
import type { PairEdit } from '../../../src/pairs/pairEdits';

const edit = (content: string, turn = 0): PairEdit => ({ kind: 'text', row: 3, side: 'chosen', turn, content });

describe('text that is typed into a field', () => {
  let applied: [content: string, joins: boolean][];
  let typed: TypedText;
  const type = (content: string, turn = 0): void => typed.take(edit(content, turn), 7);

  beforeEach(() => {
    vi.useFakeTimers();
    applied = [];
    typed = new TypedText(
      (done, _revision, joins) => void applied.push([done.kind === 'text' ? done.content : '', joins]),
    );
  });
  afterEach(() => vi.useRealTimers());

  it('is in the document from the first key on, and what follows joins that step', () => {
    type('a');
    expect(applied).toEqual([['a', false]]);
    type('ab');
    type('abc');
    vi.advanceTimersByTime(600);
    expect(applied.slice(1)).toEqual([['abc', true]]);
  });

  it('is followed while a person types without a pause', () => {
    for (let i = 0; i < 20; i++) {
      type('a'.repeat(i + 1));
      vi.advanceTimersByTime(100);
    }
    expect(applied.length).toBeGreaterThanOrEqual(4);
    expect(applied.length).toBeLessThanOrEqual(6);
  });

  it('is kept at once when the view closes', () => {
    type('a');
    type('ab');
    typed.dispose();
    expect(applied.at(-1)).toEqual(['ab', true]);
  });

  it('forms one step with the edit that closes the field', () => {
    type('a');
    type('ab');
    expect(typed.leave(edit('abc'), 7)).toBe(true);
    vi.advanceTimersByTime(9000);
    expect(applied).toEqual([['a', false]]);
    type('abcd');
    expect(applied.at(-1)).toEqual(['abcd', false]);
  });

  it('of another field is another step', () => {
    type('a');
    type('ab');
    type('b', 1);
    expect(applied).toEqual([
      ['a', false],
      ['ab', true],
      ['b', false],
    ]);
    expect(typed.leave({ kind: 'swap', row: 3 }, 7)).toBe(false);
  });
});
