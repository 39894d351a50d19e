import { expect, it } from 'vitest';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { inTurns } from '../../../src/base/pure/inTurns';

it('works on a limited number of items at a time, and keeps their order', async () => {
  let [running, most] = [0, 0];
  const results = await inTurns([5, 1, 4, 2, 3], 2, async (turns) => {
    most = Math.max(most, ++running);
    for (let turn = 0; turn < turns; turn++) await nextTurn();
    running--;
    return turns * 10;
  });
  expect(results).toEqual([50, 10, 40, 20, 30]);
  expect(most).toBe(2);
});

it('fails with the first error of an item', async () => {
  await expect(inTurns([1, 2], 2, (item) => Promise.reject(new Error(`item ${item}`)))).rejects.toThrow('item 1');
});
