import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { thisMachine } from '../../src/base/node/thisMachine';
import { must } from '../../src/base/pure/must';
import { pairKey } from '../../src/jsonl/node/pairKey';
import { readPair } from '../../src/pairs/readPair';
import { detectAll } from '../../src/pairs/reading';
import { runPaths } from '../../src/run/folder';
import type { RunEvent, TrainConfig } from '../../src/run/types';
import { type MadeRun, madeRun } from '../unit/run/compared/madeRun';

/** Steps of each run; each tenth is evaluated. */
const steps = 200;

interface Course {
  /** The loss at the end. */
  readonly loss: number;
  readonly accuracy: number;
  readonly margin: number;
  /** The log-prob of the chosen answers against the reference, at the end. */
  readonly chosen: number;
}

/** The points of a run that goes from untrained to `end` as an exponential, with noise that is the same each time. */
function pointsOf({ loss, accuracy, margin, chosen }: Course, beta: number, seed: number, last = steps): RunEvent[] {
  const at = (from: number, to: number, step: number): number => to + (from - to) * Math.exp((-4 * step) / steps);
  const noise = (step: number): number => Math.sin(seed + step * 2.7) * Math.cos(step * 1.3);
  return Array.from({ length: last }, (_, i) => i + 1).flatMap((step): RunEvent[] => {
    const t = 1_764_000_000_000 + 500 * step;
    const metrics = {
      loss: at(0.693, loss, step) + 0.02 * noise(step),
      grad_norm: 0.5 + 0.2 * noise(step),
      'rewards/margins': at(0, margin, step) + 0.1 * noise(step),
      num_tokens: 300 * step,
      'logps/chosen': -40 + at(0, chosen, step) + noise(step),
    };
    const evaluation = {
      eval_loss: at(0.693, loss, step) + 0.01,
      'eval_rewards/margins': at(0, margin, step),
      'eval_rewards/accuracies': at(0.5, accuracy, step),
      'eval_rewards/chosen': beta * at(0, chosen, step),
      'eval_logps/chosen': -40 + at(0, chosen, step),
    };
    const train: RunEvent = { t, step, kind: 'train', metrics };
    return step % 10 === 0 ? [train, { t, step, kind: 'eval', metrics: evaluation }] : [train];
  });
}

const sample = (step: number, after: string): RunEvent => ({
  t: 1_764_000_000_000 + 500 * step,
  step,
  kind: 'sample',
  prompt: 'What is the capital of France?',
  before: 'I do not know.',
  after,
});

/** Five runs as in the picture of the view, one without an evaluation, one of a newer Margin. */
export async function makeComparedRuns(folder: string): Promise<void> {
  const file = join(folder, 'prefs.jsonl');
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  // A person has corrected the third pair, and added one, since the first run.
  const cleaned = [...lines.slice(0, 2), changed(must(lines[2], 'a line')), ...lines.slice(3), changed(lines[0] ?? '')];
  writeFileSync(join(folder, 'cleaned.jsonl'), `${cleaned.join('\n')}\n`);
  const runs = join(folder, '.margin', 'runs');
  const make = (name: string, config: Partial<TrainConfig>, made: Partial<MadeRun>, age: number): Promise<string> =>
    madeRun(runs, {
      name,
      state: { step: steps, steps },
      run: { created: 1_764_000_000_000 - 1000 * age },
      ...made,
      config: { train_file: file, test_split_size: 0.1, learning_rate: 5e-5, ...config },
    });
  await make('beta-0.01', { beta: 0.01 }, { ...course(1, 0.118, 0.842, 4.9, -16.3, 0.01), state: stopped }, 1);
  const running = {
    status: 'running',
    step: 122,
    steps,
    pid: 0,
    machine: thisMachine(),
    heartbeat: Date.now(),
  } as const;
  const simpo = { trainer: 'cpo', loss_type: ['simpo'], beta: 2 } as const;
  await make('simpo', simpo, { ...course(2, 0.41, 0.887, 0.92, -1.1, 2, 122), state: running }, 2);
  await make('ipo', { loss_type: ['ipo'] }, course(3, 18.3, 0.904, 0.62, -0.6, 0.1), 3);
  const ofDpo = course(4, 0.262, 0.899, 1.61, -2.4, 0.1, steps, [sample(steps, 'The capital of France is Paris.')]);
  await make('dpo', {}, { ...ofDpo, rewards: { [steps]: rewardsOf(lines, (i) => (i % 9 === 0 ? -0.2 : 1)) } }, 4);
  const answer = sample(steps, 'Paris is the capital of France.');
  const ofCleaned = course(5, 0.231, 0.931, 1.84, -2.1, 0.1, steps, [answer]);
  await holdOut(join(runs, 'dpo'), lines.slice(0, 30), (i) => (i % 4 === 0 ? -0.2 : 1));
  const rewards = { [steps]: rewardsOf(cleaned, (i) => (i % 40 === 0 ? -0.2 : 1.3 + (i % 7) / 10)) };
  await make('dpo-cleaned', { train_file: join(folder, 'cleaned.jsonl') }, { ...ofCleaned, rewards }, 5);
  await holdOut(join(runs, 'dpo-cleaned'), lines.slice(0, 30), (i) => (i % 15 === 0 ? -0.2 : 1.3));
  await make('no-evaluation', { test_split_size: 0 }, { state: { step: 3, steps } }, 6);
  await madeRun(runs, { name: 'of-tomorrow', run: { version: 99 } });
}

const stopped = { status: 'stopped', step: steps, steps } as const;

/** A course with its evaluations and samples. */
function course(
  seed: number,
  loss: number,
  accuracy: number,
  margin: number,
  chosen: number,
  beta: number,
  last = steps,
  more: readonly RunEvent[] = [],
): Pick<MadeRun, 'events'> {
  return { events: [...pointsOf({ loss, accuracy, margin, chosen }, beta, seed, last), ...more] };
}

/** The margins of held-out pairs at the last evaluation of a run. */
async function holdOut(folder: string, lines: readonly string[], margin: (row: number) => number): Promise<void> {
  const path = runPaths.heldOut(folder, steps);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, rewardsOf(lines, margin));
}

const changed = (line: string): string => line.replace(/("chosen":\[\{"role":"assistant","content":")/, '$1Gladly: ');

function rewardsOf(lines: readonly string[], margin: (row: number) => number): string {
  const side = (reward: number): object => ({ logp: reward - 10, ref_logp: -10, reward, tokens: 5 });
  return lines
    .flatMap((line, row) => {
      const read = readPair(line, detectAll);
      if (read.kind !== 'pair') return [];
      const sides = { chosen: side(margin(row)), rejected: side(0), margin: margin(row) };
      return `${JSON.stringify({ row, line: row + 1, key: pairKey(read.pair), ...sides })}\n`;
    })
    .join('');
}
