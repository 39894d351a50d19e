import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { TaskQueue } from '../../../src/base/pure/taskQueue';

it('runs tasks one after another, in the order in which they are given', async () => {
  const queue = new TaskQueue();
  const seen: string[] = [];
  const task = (name: string) => async (): Promise<void> => {
    seen.push(`${name} begins`);
    await setImmediate();
    seen.push(`${name} ends`);
  };
  await Promise.all([queue.run(task('a')), queue.run(task('b'))]);
  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

it('gives the error of a task to its caller only, and runs the next task', async () => {
  const queue = new TaskQueue();
  const failing = queue.run(() => Promise.reject(new Error('of the first task')));
  const next = queue.run(() => 'done');
  await expect(failing).rejects.toThrow('of the first task');
  expect(await next).toBe('done');
});

it('settles when its tasks have ended, also if one fails', async () => {
  const queue = new TaskQueue();
  let ended = false;
  const failing = queue.run(async () => {
    await setImmediate();
    ended = true;
    throw new Error('a task that fails');
  });
  await queue.settled();
  expect(ended).toBe(true);
  await expect(failing).rejects.toThrow('a task that fails');
});
