import { expect, it } from 'vitest';
import { moveTowards } from '../../../src/train/referenceModel';

it('a reference moves by α of the way towards the policy, whose arrays stay', () => {
  const parameters = (...data: number[]): Map<string, { name: string; shape: number[]; data: Float32Array }> => new Map([['a', { name: 'a', shape: [2], data: Float32Array.from(data) }]]);
  const [reference, policy] = [parameters(1, -2), parameters(2, 8)];
  moveTowards(reference, policy, 0.6);
  expect([...(reference.get('a')?.data ?? [])]).toEqual([expect.closeTo(1.6, 6), 4]);
  expect([...(policy.get('a')?.data ?? [])]).toEqual([2, 8]);
});
