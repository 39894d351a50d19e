import { expect, test } from 'vitest';
import { logLine } from '../../../src/train/logLine';

const t = Date.UTC(2026, 10, 23, 15, 42);

test('the line of a step begins with the metrics that a reader looks for first', () => {
  const metrics = {
    loss: 0.5,
    'rewards/margins': -0.25,
    'rewards/accuracies': 0.75,
    grad_norm: 12.3456,
    'logps/chosen': -40,
  };
  expect(logLine({ t, step: 7, kind: 'train', metrics })).toBe(
    '2026-11-23T15:42:00.000Z step 7: loss 0.5000, margin -0.2500, accuracy 0.7500, gradient norm 12.35',
  );
});

test('an evaluation has another line than a step, a file is named, and an answer is shown beside the earlier one', () => {
  expect(logLine({ t, step: 8, kind: 'eval', metrics: { eval_loss: 1 } })).toMatch(/step 8: held out: loss 1\.000$/);
  expect(logLine({ t, step: 8, kind: 'checkpoint', path: '/runs/one' })).toMatch(/checkpoint \/runs\/one$/);
  expect(logLine({ t, step: 8, kind: 'sample', prompt: 'Hi', before: 'No.', after: 'Hello!' })).toMatch(
    /"Hi" is answered "Hello!", at the start "No\."$/,
  );
});
