import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../../src/cli/args';
import { overrideOptions, readOverrides } from '../../../src/cli/overrides';
import { duration, progressLine } from '../../../src/cli/progress';
import { RewardSummary } from '../../../src/cli/rewardSummary';
import { table } from '../../../src/cli/table';
import { runState } from '../run/samples';

const overrides = (...argv: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(readOverrides(parseArguments(argv, overrideOptions()), '/here'));

describe('config keys on the command line', () => {
  it.each([
    [['--beta', '0.5'], { beta: 0.5 }],
    [['--beta=5e-1'], { beta: 0.5 }],
    [['--max_steps', '-1'], { max_steps: -1 }],
    [['--learning-rate', '1e-4'], { learning_rate: 1e-4 }],
    [['--loss_type', 'sigmoid', 'sft', '--beta', '1'], { loss_type: ['sigmoid', 'sft'], beta: 1 }],
    [
      ['--loss_type', 'sigmoid,sft', '--loss_weights', '1,0.1'],
      { loss_type: ['sigmoid', 'sft'], loss_weights: [1, 0.1] },
    ],
    [['--use_peft', '--use_rslora', 'false'], { use_peft: true, use_rslora: false }],
    [['--max_length', 'none', '--eval_file', 'null'], { max_length: null, eval_file: null }],
    [['--train_file', 'a/b.jsonl'], { train_file: '/here/a/b.jsonl' }],
    [['--run_name', '7'], { run_name: '7' }],
    [
      ['--rank_pattern', '{"v_proj": 8}', '--layers_to_transform', '1', '2'],
      { rank_pattern: { v_proj: 8 }, layers_to_transform: [1, 2] },
    ],
    [['--rank_pattern', 'v_proj'], { rank_pattern: 'v_proj' }],
    [['--lora_target_modules', '.*[qv]_proj'], { lora_target_modules: '.*[qv]_proj' }],
    [['--seed', ''], { seed: '' }],
    [['--beta', 'much'], { beta: 'much' }],
  ])('%j', (argv, expected) => {
    expect(overrides(...argv)).toEqual(expected);
  });

  it('leave the config file as the only positional', () => {
    expect(parseArguments(['a.train.json', '--beta', '1'], overrideOptions()).positionals).toEqual(['a.train.json']);
    expect(parseArguments(['--use_peft', 'a.train.json'], overrideOptions()).positionals).toEqual(['a.train.json']);
  });
});

describe('the progress line', () => {
  it('shows step, loss, margin, accuracy, speed and time left', () => {
    const metrics = { loss: 0.43129, 'rewards/margins': 1.2345, 'rewards/accuracies': 0.875 };
    expect(progressLine(runState({ step: 42, steps: 300, eta: 83, pairs_per_second: 12.34 }), metrics)).toBe(
      'step 42/300 · loss 0.4313 · margin 1.234 · accuracy 0.88 · 12.3 pairs/s · ETA 1:23',
    );
  });

  it('leaves out what is unknown, and shows every status except running', () => {
    expect(progressLine(runState({ status: 'paused', eta: null, pairs_per_second: null }), {})).toBe(
      'paused · step 3/10',
    );
    expect(progressLine(runState({ status: 'running', steps: 0, eta: null, pairs_per_second: null }), {})).toBe(
      'starting',
    );
    expect(
      progressLine(runState({ status: 'starting', steps: 0, rows_read: 12000, eta: null, pairs_per_second: null }), {}),
    ).toBe('12,000 rows read');
  });

  it.each([
    [0, '0:00'],
    [59.6, '1:00'],
    [3599, '59:59'],
    [3661, '1:01:01'],
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});

it('a table aligns numbers to the right and text to the left', () => {
  expect(
    table(
      ['line', 'margin', 'name'],
      [
        ['5', '-0.5', 'a'],
        ['123', '0.25', 'bc'],
      ],
    ),
  ).toBe('line  margin  name\n   5    -0.5  a\n 123    0.25  bc');
});

it('the summary of scores counts all pairs and shows the twenty lowest margins, lowest first', () => {
  const summary = new RewardSummary();
  const side = { logp: 0, ref_logp: 0, reward: 0.5, tokens: 1 };
  const margins = Array.from({ length: 90 }, (_, i) => ((i * 37) % 90) - 30);
  margins.forEach((margin, row) =>
    summary.add({ row, line: row + 1, key: String(margin), chosen: side, rejected: side, margin }),
  );
  const [head, , , , ...lowest] = summary.text(null).split('\n');
  expect(head).toBe('90 pairs · mean margin 14.5000 · accuracy 0.656 · 30 with a negative margin');
  expect(lowest.map((line) => Number(line.trim().split(/ +/).at(-1)))).toEqual(
    Array.from({ length: 20 }, (_, i) => i - 30),
  );
});
