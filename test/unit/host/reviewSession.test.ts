import { describe, expect, it } from 'vitest';
import { at } from '../../../src/base/pure/must';
import { ShownRows } from '../../../src/editor/shownRows';
import { Opinions } from '../../../src/host/review/adjudication';
import type { DocumentMarks, Keys } from '../../../src/host/review/documentMarks';
import { ReviewQueue } from '../../../src/host/review/reviewQueue';
import { ReviewSession } from '../../../src/host/review/reviewSession';
import { keyNumber } from '../../../src/pairs/keyNumber';
import { type Mark, newMark } from '../../../src/pairs/marks/mark';
import { MarkBook } from '../../../src/pairs/marks/markBook';
import type { RowDetail } from '../../../src/protocol/pairEditor';
import type { ReviewState } from '../../../src/protocol/review';

const keysOf = (text: string): Keys => ({
  own: Number(text).toString(16).padStart(13, '0').padEnd(16, '0'),
  exchanged: 'f'.repeat(16),
});
const detailOf = (row: number): RowDetail => ({
  revision: 1,
  row,
  line: row + 1,
  raw: null,
  judged: null,
  list: null,
  tools: null,
  cut: false,
  problems: [],
  reward: null,
  edited: false,
  suspect: null,
  change: null,
  pair: {
    style: 'chat',
    shape: '',
    prompt: [],
    chosen: [{ role: 'assistant', content: 'chosen' }],
    rejected: [{ role: 'assistant', content: 'rejected' }],
  },
});

/** A review of pairs that are numbers. */
function reviewOf(rows: string[], blind = false, opinions: Opinions | null = null) {
  const book = new MarkBook();
  const made: Mark[] = [];
  const states: ReviewState[] = [];
  const adjudicates = opinions !== null;
  const ownMark = ({ own }: Keys): Mark =>
    book.markOf('ann', keyNumber(own), null, adjudicates) ?? { ...newMark(own, 'ann'), adjudicates };
  const marks = {
    reviewer: { name: 'ann' },
    keysOf,
    ownMark,
    isFrom: (key: string, other: string) => key === other,
    mark: async (mark: Mark) => {
      made.push(mark);
      book.add(mark);
    },
  } as unknown as DocumentMarks;
  const queue = new ReviewQueue({
    shown: () => ShownRows.all(rows.length),
    rowCount: () => rows.length,
    isPair: () => true,
    markAt: (row) => book.markOf('ann', keyNumber(keysOf(at(rows, row)).own), null, adjudicates),
    problemsAt: () => 0,
  });
  const read: number[] = [];
  const session = new ReviewSession({
    marks,
    queue,
    dimensions: [],
    blind,
    opinions,
    queueText: () => '',
    fixed: () => null,
    detail: async (row) => {
      read.push(row);
      return { line: at(rows, row), detail: detailOf(row) };
    },
    edit: async () => undefined,
    typed: () => undefined,
    undoEdit: async () => undefined,
    show: (state) => states.push(state),
    failed: (error) => {
      throw error;
    },
  });
  return { session, made, rows, read, state: () => at(states, states.length - 1) };
}

describe('a review', () => {
  it('leads from pair to pair, and back by undo, which appends the state before', async () => {
    const { session, made, state } = reviewOf(['0', '1', '2']);
    await session.start();
    await session.act('left');
    await session.act('bothBad');
    expect([state().pair?.row, state().progress.done]).toEqual([2, 2]);
    await session.act('undo');
    expect([state().pair?.row, state().progress.done]).toEqual([1, 1]);
    expect(made.map(({ verdict }) => verdict)).toEqual(['keep', 'both_bad', null]);
    await session.act('tie');
    await session.act('skip');
    expect(state().pair).toBeNull();
    expect(session.sentence).toBe('Reviewed 2 pairs: 1 keep, 1 tie.');
  });

  it('takes back no mark of another pair that is in the row now', async () => {
    const { session, made, rows, state } = reviewOf(['0', '1']);
    await session.start();
    await session.act('left');
    rows[0] = '7';
    await session.act('undo');
    expect(state().hint).toContain('is gone');
    expect(made.length).toBe(1);
  });

  it('makes each mark later than the one that it replaces, whatever the clock says', async () => {
    const { session, made } = reviewOf(['0']);
    await session.start();
    for (let i = 0; i < 5; i++) await session.act('flag');
    const times = made.map((mark) => Date.parse(mark.at));
    expect(times.every((time, i) => i === 0 || time > at(times, i - 1))).toBe(true);
  });

  it('shows the sides in the same order each time while blind, and both orders among many pairs', async () => {
    const orders = async (): Promise<string[]> => {
      const { session, state } = reviewOf(
        Array.from({ length: 20 }, (_, i) => String(i)),
        true,
      );
      await session.start();
      const seen: string[] = [];
      for (let i = 0; i < 20; i++) {
        seen.push(state().pair?.left.turns[0]?.content ?? '');
        await session.act('tie');
      }
      return seen;
    };
    const first = await orders();
    expect(await orders()).toEqual(first);
    expect(new Set(first)).toEqual(new Set(['chosen', 'rejected']));
  });

  it('has the next pair read before a key decides the current one', async () => {
    const { session, read, state } = reviewOf(['0', '1', '2']);
    await session.start();
    await Promise.resolve();
    expect(read).toEqual([0, 1]);
    await session.act('left');
    expect(state().pair?.row).toBe(1);
    expect(read.filter((row) => row === 1)).toEqual([1]);
  });

  it('reads a pair again if rows have changed since it was read ahead', async () => {
    const { session, read, rows, state } = reviewOf(['0', '1', '2']);
    await session.start();
    await session.act('next');
    rows.splice(2, 1);
    session.follow({ kind: 'edited', edit: { op: 'delete', row: 2, lines: ['2'] }, from: 'view' } as never);
    await session.act('left');
    expect(state().pair?.row).toBe(0);
    expect(read.at(-1)).not.toBe(2);
  });
});

describe('an adjudication', () => {
  const said = ['0', '1'].map((text, row) => ({
    row,
    key: keysOf(text).own,
    opinions: [{ annotator: 'ben', dimension: 'verdict', label: 'swap' }],
  }));
  const opinions = (): Opinions => new Opinions({ pairs: said, name: '' }, (key, other) => key === other);

  it('shows who said what, and its marks do not replace the label of the same person', async () => {
    const { session, made, state } = reviewOf(['0', '1'], false, opinions());
    await session.start();
    expect(state().adjudication?.opinions).toEqual([{ annotator: 'ben', dimension: 'verdict', label: 'swap' }]);
    await session.act('keep');
    expect(made).toMatchObject([{ verdict: 'keep', by: 'ann', adjudicates: true }]);
    expect(state().pair?.row).toBe(1);
    await session.act('undo');
    expect(made[1]).toMatchObject({ verdict: null, adjudicates: true });
  });

  it('hides that from a person who decides blind until the decision, and then stays on the pair', async () => {
    const { session, state } = reviewOf(['0', '1'], true, opinions());
    await session.start();
    expect(state().adjudication).toEqual({ opinions: null });
    const isLeftChosen = state().pair?.left.turns[0]?.content === 'chosen';
    await session.act('left');
    expect([state().pair?.row, state().hint]).toEqual([0, 'Decided. J goes to the next pair.']);
    expect(state().adjudication?.opinions).toMatchObject([{ label: isLeftChosen ? 'right' : 'left' }]);
    await session.act('next');
    expect(state().pair?.row).toBe(1);
    expect(state().adjudication).toEqual({ opinions: null });
  });
});
