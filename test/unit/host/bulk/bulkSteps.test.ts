import { expect, it } from 'vitest';
import { BulkSteps } from '../../../../src/host/bulk/bulkSteps';
import type { Edit } from '../../../../src/pairs/edits';

const step = { count: 1, undo: () => Promise.resolve(), redo: () => Promise.resolve() };
const deleted = (...lines: readonly string[]): Edit => ({ op: 'delete', row: 0, lines });

it('a change of many rows counts until it is saved or undone, and again after redo', async () => {
  const steps = new BulkSteps();
  const followed = steps.follow(step, [deleted('a', 'b')]);
  expect(steps.unsaved.length).toBe(1);
  await followed.undo();
  expect(steps.unsaved).toEqual([]);
  await followed.redo();
  const saving = steps.unsaved;
  steps.follow({ ...step }, [deleted('a'), deleted('b')]);
  steps.saved(saving);
  expect(steps.unsaved.length).toBe(1);
});

it('a change of one row does not count, restored edits do', () => {
  const steps = new BulkSteps();
  steps.follow(step, [deleted('a')]);
  steps.restored(1);
  expect(steps.unsaved).toEqual([]);
  steps.restored(2);
  expect(steps.unsaved.length).toBe(1);
});
