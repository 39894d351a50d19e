import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type ShowProgress, withUndoProgress } from '../../../src/host/pairEditor/undoProgress';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const titles: string[] = [];
const shares: number[] = [];
const show: ShowProgress = (title, task) => {
  titles.push(title);
  return task((share) => shares.push(share));
};

beforeEach(() => {
  titles.length = 0;
  shares.length = 0;
});

it('a short undo shows no progress', async () => {
  await withUndoProgress('Undo: Swap sides', 2, async () => undefined, show);
  await vi.advanceTimersByTimeAsync(5000);
  expect(titles).toEqual([]);
});

it('a long undo shows its share, and its error goes to the caller', async () => {
  const end = new EventTarget();
  const tell: ((done: number) => void)[] = [];
  const work = (progress: (done: number) => void): Promise<void> => {
    tell.push(progress);
    return new Promise((_, fail) => end.addEventListener('end', () => fail(new Error('no disk'))));
  };
  const undone = withUndoProgress('Undo: Swap sides', 4, work, show);
  tell[0]?.(1);
  await vi.advanceTimersByTimeAsync(5000);
  tell[0]?.(3);
  end.dispatchEvent(new Event('end'));
  await expect(undone).rejects.toThrow('no disk');
  expect([titles, shares]).toEqual([['Undo: Swap sides'], [0.75]]);
});
