import { expect, it } from 'vitest';
import { Gate } from '../../../src/base/pure/gate';

it('who waits at a gate passes when it opens; after it closes, others wait until it opens again', async () => {
  const gate = new Gate();
  const passed: string[] = [];
  const wait = (name: string): Promise<number> => gate.passed.then(() => passed.push(name));
  const first = wait('first');
  gate.close();
  const second = wait('second');
  gate.open();
  await Promise.all([first, second, wait('third')]);
  gate.close();
  const fourth = wait('fourth');
  await Promise.resolve();
  expect(passed).toEqual(['first', 'second', 'third']);
  gate.open();
  await fourth;
  expect(passed).toEqual(['first', 'second', 'third', 'fourth']);
});
