import { describe, expect, it } from 'vitest';
import { at } from '../../../src/base/pure/must';
import { ShownRows } from '../../../src/editor/shownRows';
import { judgementOf, reviewPair, shownMark } from '../../../src/host/review/reviewPair';
import { rowsOfPairs } from '../../../src/host/review/rowsOfPairs';
import { ReviewQueue, sampleIn } from '../../../src/host/review/reviewQueue';
import { keyNumber } from '../../../src/pairs/keyNumber';
import { type Mark, newMark } from '../../../src/pairs/marks/mark';
import type { RowDetail } from '../../../src/protocol/pairEditor';
import type { ReviewAction } from '../../../src/protocol/review';

const key = 'aaaaaaaaaaaaaaaa';
const mark = (part: Partial<Mark>): Mark => ({ ...newMark(key, 'ann'), ...part });

describe('a verdict', () => {
  it('is about the pair as the file has it, whichever answer is on the left', () => {
    expect(judgementOf('muchLeft', 'chosen')).toEqual({ verdict: 'keep', strength: 3 });
    expect(judgementOf('muchLeft', 'rejected')).toEqual({ verdict: 'swap', strength: 3 });
    expect(judgementOf('right', 'rejected')).toEqual({ verdict: 'keep', strength: 1 });
    expect(judgementOf('keep', 'chosen')).toEqual({ verdict: 'keep', strength: 2 });
    expect(judgementOf('flag', 'chosen')).toBeNull();
  });

  it('lights the button that gave it', () => {
    const actions: ReviewAction[] = ['muchLeft', 'left', 'tie', 'right', 'muchRight', 'bothBad', 'keep', 'swap'];
    for (const left of ['chosen', 'rejected'] as const)
      for (const action of actions) expect(shownMark(mark({ ...judgementOf(action, left) }), left).choice).toBe(action);
  });
});

it('a pair under blind review says nothing about labels, models and scores', () => {
  const detail: RowDetail = {
    revision: 1,
    row: 0,
    line: 1,
    raw: null,
    suspect: null,
    pair: {
      style: 'chat',
      shape: 'shape-label',
      prompt: [{ role: 'user', content: 'Hi' }],
      chosen: [{ role: 'assistant', content: 'Good' }],
      rejected: [{ role: 'assistant', content: 'Worse' }],
    },
    judged: null,
    list: null,
    tools: null,
    cut: false,
    problems: [
      {
        severity: 'warning',
        code: 'score',
        message: 'The score contradicts the label.',
        side: 'chosen',
        fix: null,
        canIgnore: true,
        canIgnoreRow: true,
        ignored: null,
      },
    ],
    reward: { chosen: { reward: 1.25, tokens: 3 }, rejected: null, margin: 0.75, before: null },
    edited: false,
    change: null,
  };
  const blind = reviewPair(detail, mark({ dimensions: { helpful: 1 } }), 'rejected', true, null);
  expect(blind.left.turns[0]?.content).toBe('Worse');
  expect(JSON.stringify(blind)).not.toMatch(/chosen|rejected|score|shape-label|1\.25|0\.75/);
  expect(blind.mark.dimensions).toEqual({ helpful: -1 });
  expect(reviewPair(detail, mark({}), 'chosen', false, null)).toMatchObject({
    margin: 0.75,
    left: { reward: { tokens: 3 } },
  });
});

describe('the queue of a review', () => {
  const marks = new Map<number, Mark>();
  const queue = (): ReviewQueue =>
    new ReviewQueue({
      // From the last row to the first; row 3 holds no pair.
      shown: () =>
        ShownRows.of(
          Int32Array.from({ length: 10 }, (_, i) => 9 - i),
          10,
        ),
      rowCount: () => 10,
      isPair: (row) => row !== 3,
      markAt: (row) => marks.get(row) ?? null,
      problemsAt: (row) => (row === 5 ? 2 : 0),
    });

  it('follows the order of the editor, from its end back to its start, and leaves out what holds no pair', async () => {
    marks.clear();
    marks.set(9, mark({ verdict: 'keep' }));
    marks.set(2, mark({ skipped: true }));
    const rows = queue();
    expect(await rows.next(-1, 'unreviewed')).toBe(8);
    expect(await rows.next(5, 'unreviewed')).toBe(1);
    expect(await rows.next(9, 'unreviewed')).toBe(8);
    expect(await rows.next(-1, 'keep')).toBe(9);
    expect(await rows.next(-1, 'skipped')).toBe(2);
    expect(await rows.next(-1, 'problem')).toBe(5);
    expect(await rows.next(-1, 'tag:code')).toBeNull();
    await rows.count(new AbortController().signal);
    expect(rows.counts).toMatchObject({ all: 9, unreviewed: 8, skipped: 1, problem: 1, leftOut: 1 });
  });

  it('draws the same sample by the same seed, in the order of the editor, and keeps it through edits', async () => {
    const draw = async (seed: number): Promise<number[]> => {
      const rows = queue();
      await rows.take({ count: 4, seed });
      return Array.from({ length: 10 }, (_, row) => row).filter((row) => rows.placeOf(row) !== null);
    };
    const first = await draw(1);
    expect(first.length).toBe(4);
    expect(first).not.toContain(3);
    expect(await draw(1)).toEqual(first);
    expect(new Set((await Promise.all([1, 2, 3, 4].map(draw))).map(String)).size).toBeGreaterThan(1);
    const rows = queue();
    await rows.take({ count: 4, seed: 1 });
    rows.apply({ op: 'insert', row: 0, lines: ['{}'] });
    expect(rows.placeOf(at(first, 0) + 1)).not.toBeNull();
  });
});

it('a sample is asked for as a number of pairs and a seed', () => {
  expect([sampleIn('50'), sampleIn(' 50 7 '), sampleIn(''), sampleIn('a'), sampleIn('0')]).toEqual([
    { count: 50, seed: 1 },
    { count: 50, seed: 7 },
    null,
    undefined,
    undefined,
  ]);
});

it('finds the rows of pairs by their keys, also if rows have moved; a pair that is gone has none', async () => {
  const keys = ['1', '2', '3', '2'].map((digit) => digit.repeat(16));
  const scan = {
    identityAt: (row: number) => {
      const key = keys[row];
      return key === undefined ? null : { key: keyNumber(key), exchanged: 0, judgedGood: null };
    },
  };
  const placed = (row: number, digit: string) => ({ row, key: digit.repeat(16) });
  expect(await rowsOfPairs([placed(2, '3'), placed(0, '1')], scan, 4)).toEqual([2, 0]);
  expect(await rowsOfPairs([placed(0, '2'), placed(3, '2'), placed(9, '7')], scan, 4)).toEqual([1, 3]);
});
