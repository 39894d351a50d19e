import { expect, it } from 'vitest';
import { keyNumber } from '../../../../src/pairs/keyNumber';
import type { Suspect } from '../../../../src/pairs/suspects/findSuspects';
import { SuspectBook, worstOf } from '../../../../src/pairs/suspects/suspectBook';

const [first, second, other] = ['a000000000000000', 'b000000000000000', 'c000000000000000'] as const;
const [a, b, c] = [keyNumber(first), keyNumber(second), keyNumber(other)];

const suspect = (key: string, rest: Partial<Suspect> = {}): Suspect => ({
  row: 0,
  line: 1,
  key,
  verdict: 'flipped',
  probability: 0.9,
  margin: -1.5,
  reasons: ['the margin is below 0'],
  spread: 0.1,
  margins: [-1, null, -2],
  ...rest,
});

function bookOf(...suspects: Suspect[]): SuspectBook {
  const book = new SuspectBook();
  for (const one of suspects) book.add(one);
  return book;
}

it('finds the verdict of a pair by its key', () => {
  const book = bookOf(suspect(first));
  const [found, ...more] = book.of({ key: a, exchanged: b, judgedGood: null });
  expect(found).toMatchObject({ verdict: 'flipped', probability: 0.9, margins: [-1, null, -2], exchanged: false });
  expect(more).toEqual([]);
  expect(book.of({ key: c, exchanged: b, judgedGood: null })).toEqual([]);
});

it('turns the verdict round after a swap, and back after its undo', () => {
  const book = bookOf(suspect(first));
  const [swapped] = book.of({ key: b, exchanged: a, judgedGood: null });
  expect(swapped).toMatchObject({ verdict: 'clean', margin: 1.5, margins: [1, null, 2], exchanged: true });
  expect(swapped?.probability).toBeCloseTo(0.1);
  expect(swapped?.reasons).toEqual([
    expect.stringMatching(/exchanged since the search, which said before: flipped, with probability 0\.90/),
  ]);
  expect(book.of({ key: a, exchanged: b, judgedGood: null })[0]).toMatchObject({ verdict: 'flipped' });
});

it('says flipped of a right label that somebody swapped, and keeps a tie a tie', () => {
  const book = bookOf(
    suspect(first, { verdict: 'clean', probability: 0.02 }),
    suspect(second, { verdict: 'tie', probability: 0.3 }),
  );
  expect(book.of({ key: c, exchanged: a, judgedGood: null })[0]).toMatchObject({ verdict: 'flipped' });
  expect(book.of({ key: c, exchanged: b, judgedGood: null })[0]).toMatchObject({ verdict: 'tie' });
});

it('prefers the verdict on the answers as they are, where a file has the pair in both orders', () => {
  const book = bookOf(suspect(first), suspect(second, { verdict: 'clean', probability: 0.2 }));
  expect(book.of({ key: b, exchanged: a, judgedGood: null })[0]).toMatchObject({ probability: 0.2, exchanged: false });
});

it('has no verdict on judged answers, and takes the worst pair of a list', () => {
  const book = bookOf(suspect(first, { probability: 0.6 }), suspect(second, { probability: 0.8 }));
  expect(book.of({ key: a, exchanged: b, judgedGood: true })).toEqual([]);
  expect(worstOf(book.of({ keys: [a, c, b] }))).toMatchObject({ probability: 0.8 });
  expect(worstOf([])).toBeNull();
});
