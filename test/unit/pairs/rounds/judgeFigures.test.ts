import { describe, expect, it } from 'vitest';
import { must } from '../../../../src/base/pure/must';
import { judgeFigures } from '../../../../src/pairs/rounds/judgeFigures';
import type { JudgedLine } from '../../../../src/pairs/rounds/opinion';

const line = (prompt_key: string, judge: string, best: number | null, worst: number | null, order = [0, 1]) =>
  ({ prompt_key, judge, verdict: best === null ? 'tie' : 'ranked', best, worst, order }) satisfies JudgedLine;
const noTokens = (): null => null;
const figuresOf = (lines: readonly JudgedLine[], judge: string) =>
  must(
    judgeFigures(lines, noTokens).find((one) => one.judge === judge),
    'the judge',
  );

describe('the figures of judges', () => {
  it('put the person first and count what each has decided', () => {
    const lines = [line('a', 'reward', 1, 0), line('a', 'person', 0, 1), line('b', 'person', null, null)];
    const found = judgeFigures(lines, noTokens).map(({ judge, decided, ranked }) => [judge, decided, ranked]);
    expect(found).toEqual([
      ['person', 2, 1],
      ['reward', 1, 1],
    ]);
  });

  it('count the last line for a prompt, and none that was taken back or skipped', () => {
    const lines: JudgedLine[] = [
      line('a', 'person', 0, 1),
      line('a', 'person', 1, 0),
      line('b', 'person', 0, 1),
      { ...line('b', 'person', null, null), verdict: 'withdrawn' },
      { ...line('c', 'person', null, null), verdict: 'skipped' },
      line('a', 'other', 1, 0),
    ];
    expect(figuresOf(lines, 'person').decided).toBe(1);
    expect(figuresOf(lines, 'other').withPerson).toMatchObject({ prompts: 1, agreement: 1 });
  });

  it('of a judge that says something else in the other order are a tie', () => {
    const lines = [
      line('a', 'judge', 0, 1, [0, 1]),
      line('a', 'judge', 1, 0, [1, 0]),
      line('b', 'judge', 0, 1, [0, 1]),
      line('b', 'judge', 0, 1, [1, 0]),
    ];
    expect(figuresOf(lines, 'judge')).toMatchObject({ inOrders: 2, flips: 1, ranked: 1 });
    // Of four rankings, three name the draft that was shown first.
    expect(figuresOf(lines, 'judge').first).toMatchObject({ count: 4, share: 0.75, fair: 0.5 });
  });

  it('have the κ of Cohen over first, tie and second', () => {
    // 2 × first–first, 1 × second–second, 1 × first–second: observed 3/4, by chance (3·2 + 1·2)/16 = 1/2.
    const lines = ['a', 'b', 'c', 'd'].flatMap((key, i) => [
      line(key, 'person', i < 3 ? 0 : 1, i < 3 ? 1 : 0),
      line(key, 'judge', i < 2 ? 0 : 1, i < 2 ? 1 : 0),
    ]);
    const { withPerson } = figuresOf(lines, 'judge');
    expect(withPerson).toMatchObject({ prompts: 4, agreement: 0.75 });
    expect(must(withPerson, 'agreement').kappa).toBeCloseTo(0.5, 12);
  });

  it('ask the judge about the two drafts that the person ranked', () => {
    const order = [0, 1, 2, 3];
    const lines = [line('a', 'person', 0, 3, order), line('a', 'judge', 0, 2, order)];
    expect(figuresOf(lines, 'judge').withPerson).toMatchObject({ prompts: 1, agreement: 1 });
    const neither = [line('a', 'person', 0, 3, order), line('a', 'judge', 1, 2, order)];
    expect(figuresOf(neither, 'judge').withPerson).toMatchObject({ prompts: 1, agreement: 0 });
  });

  it('take two drafts at a time as a question of its own', () => {
    const lines = [
      line('a', 'person', 0, 3, [3, 1, 0, 2]),
      line('a', 'judge', 0, 3, [0, 3]),
      line('a', 'judge', 0, 3, [3, 0]),
      line('a', 'judge', 1, 2, [1, 2]),
      line('a', 'judge', 2, 1, [2, 1]),
      // A tie of the person is compared on the first two that the person saw, which this judge has not seen together.
      line('b', 'person', null, null, [3, 1, 0, 2]),
      line('b', 'judge', 0, 3, [0, 3]),
    ];
    const found = figuresOf(lines, 'judge');
    expect(found).toMatchObject({ decided: 2, inOrders: 2, flips: 1, withPerson: { prompts: 1, agreement: 1 } });
  });

  it('say how often the longer draft wins, without those of the same length', () => {
    const lengths: Readonly<Record<string, readonly number[]>> = { a: [10, 20], b: [30, 20], c: [5, 5] };
    const lines = ['a', 'b', 'c'].map((key) => line(key, 'judge', 0, 1));
    const [figures] = judgeFigures(lines, (key, draft) => lengths[key]?.[draft] ?? null);
    expect(figures?.longer).toMatchObject({ count: 2, share: 0.5 });
    expect(judgeFigures(lines, noTokens)[0]?.longer).toBeNull();
  });
});
