import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/pure/seededRandom';
import type { TrainConfig } from '../../../src/run/types';
import { Program } from '../cli/program';
import { caseCount } from '../cases';
import { outcome, runFolder } from './runs';
import { sampleRun } from './sampleRun';

const program = new Program();

/** A hundred kills take about a minute on a machine that does nothing else. */
const kills = caseCount(10);
const seed = Number(process.env.MARGIN_SEED ?? Date.now() % 1e6);
const steps = 40;

/**
 * When to kill a process: after it has written a part of a file operation, which is counted from its start; or after a
 * time.
 */
type Death = { readonly operation: number; readonly part: number } | { readonly milliseconds: number };

/** Runs the trainer. @returns true if it was killed, false if it had ended by itself before */
async function runAndDie(folder: string, death: Death | null): Promise<boolean> {
  const strike =
    death !== null && 'operation' in death
      ? { STRIKE_AT: String(death.operation), STRIKE_PART: String(death.part) }
      : {};
  const args = ['--import', resolve('test/unit/train/strike.mjs'), program.trainer, folder, '--resume'];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...strike, XDG_CACHE_HOME: join(program.folder, 'cache') },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<readonly [number | null, string | null]>((done) =>
    child.once('exit', (code, signal) => done([code, signal])),
  );
  if (death !== null && 'milliseconds' in death) {
    await Promise.race([ended, sleep(death.milliseconds)]);
    child.kill('SIGKILL');
  }
  const [code, signal] = await ended;
  if (signal === null && code !== 0) throw new Error(`seed ${seed}: the trainer failed: ${said}`);
  return signal !== null;
}

it(
  `a run killed ${kills} times at random moments, most of them inside a write, ends like a run that was never killed`,
  { timeout: 900_000 },
  async () => {
    const random = seededRandom(seed);
    const draw = (to: number): number => Math.floor(random() * to);
    // Margins grow, so the first evaluation is the best. Its checkpoint must not be deleted by rotation, and is loaded
    // at the end.
    const evaluation = {
      test_split_size: 0.4,
      seed: 3,
      eval_steps: 8,
      metric_for_best_model: 'rewards/margins',
      greater_is_better: false,
      load_best_model_at_end: true,
    };
    const config: TrainConfig = await sampleRun(
      {
        max_steps: steps,
        save_steps: 1,
        save_total_limit: 2,
        reward_steps: 16,
        lora_target_modules: ['q_proj', 'v_proj'],
        ...evaluation,
      },
      14,
    );
    const whole = await runFolder(config);
    await runAndDie(whole, null);
    const expected = await outcome(whole, steps);
    for (let killed = 0; killed < kills;) {
      const folder = await runFolder(config);
      for (let alive = true; alive;) {
        const death = random() < 0.75 ? { operation: 1 + draw(300), part: random() } : { milliseconds: draw(1500) };
        alive = killed < kills && (await runAndDie(folder, death));
        if (alive) killed++;
      }
      await runAndDie(folder, null);
      expect(await outcome(folder, steps), `seed ${seed}`).toEqual(expected);
    }
  },
);
