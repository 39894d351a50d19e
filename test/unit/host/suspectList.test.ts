import { expect, it } from 'vitest';
import { SuspectList } from '../../../src/host/suspects/suspectList';
import { staleSentence, weightTexts } from '../../../src/host/suspects/suspectTexts';
import { keyNumber } from '../../../src/pairs/keyNumber';
import type { RowIdentity } from '../../../src/pairs/rowRewards';
import type { Suspect } from '../../../src/pairs/suspects/findSuspects';
import { SuspectBook } from '../../../src/pairs/suspects/suspectBook';

const keyOf = (row: number): string => String(row).padStart(13, '0').padEnd(16, '0');
const other = 9999;

/** Five rows: clean, two flipped, a tie, and one that no run scored. */
function opened() {
  const book = new SuspectBook();
  const add = (row: number, rest: Partial<Suspect>): void =>
    book.add({
      row,
      line: row + 1,
      key: keyOf(row),
      verdict: 'clean',
      probability: 0.01,
      margin: 1,
      reasons: [],
      spread: row / 10,
      margins: [],
      ...rest,
    });
  add(0, {});
  add(1, { verdict: 'flipped', probability: 0.7, margin: -1 });
  add(2, { verdict: 'tie', probability: 0.3, margin: 0 });
  add(3, { verdict: 'flipped', probability: 0.9, margin: -0.5 });
  const swapped = new Set<number>();
  const identityAt = (row: number): RowIdentity => {
    const keys = [keyNumber(keyOf(row)), other + row] as const;
    const [key, exchanged] = swapped.has(row) ? [keys[1], keys[0]] : keys;
    return { key, exchanged, judgedGood: null };
  };
  const list = new SuspectList({ rowCount: () => 5, keysKnown: async () => undefined, identityAt });
  const rows = (): number[] => list.page({ from: 0, to: 9 }).map(({ row }) => row);
  const read = (): Promise<void> => list.read(book, new AbortController().signal);
  return { list, rows, read, swapped };
}

it('lists the suspects, the most probable first', async () => {
  const { list, rows, read } = opened();
  await read();
  expect(rows()).toEqual([3, 1, 2]);
  expect([list.count('flipped'), list.count('tie'), list.length]).toEqual([2, 1, 3]);
});

it('sorts by other numbers, and shows one verdict only', async () => {
  const { list, rows, read } = opened();
  await read();
  const before = list.revision;
  list.arrange({ verdicts: 'suspects', sort: 'margin', descending: false });
  expect(rows()).toEqual([1, 3, 2]);
  list.arrange({ verdicts: 'flipped', sort: 'row', descending: true });
  expect(rows()).toEqual([3, 1]);
  expect(list.revision).toBeGreaterThan(before);
  await read();
  expect(rows()).toEqual([3, 1]);
});

it('keeps a suspect that was swapped in the list, and counts it no longer', async () => {
  const { list, rows, read, swapped } = opened();
  swapped.add(3);
  await read();
  expect(rows()).toEqual([1, 2, 3]);
  expect(list.count('flipped')).toBe(1);
  expect(list.entry(2).verdict).toMatchObject({ verdict: 'clean', exchanged: true });
});

it('lists a right label that somebody swapped', async () => {
  const { rows, read, swapped } = opened();
  swapped.add(0);
  await read();
  expect(rows()[0]).toBe(0);
});

it('stops when it is aborted', async () => {
  const { list } = opened();
  const end = new AbortController();
  end.abort();
  await expect(list.read(new SuspectBook(), end.signal)).rejects.toThrow();
});

it('names its steps by what they do', () => {
  expect(weightTexts(0, 12)).toEqual({
    label: 'Leave 12 suspects out of training',
    done: 'Training leaves 12 suspects out now',
  });
  expect(weightTexts(0.5, 1).label).toBe('Set weight 0.5 of 1 suspect');
  expect(staleSentence(null)).toBeNull();
  for (const one of ['newer', 'changed', 'missing'] as const)
    expect(staleSentence(one)).toMatch(/since this search\.$/);
});
