import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isLiving } from '../../../src/run/alive';
import { findRuns } from '../../../src/run/find';
import { runPaths } from '../../../src/run/folder';
import { readNotes } from '../../../src/run/notes';
import { readSweep } from '../../../src/run/sweep/files';
import { temporaryFolder } from '../run/temporaryFolder';
import { CommandLine } from './commandLine';
import { golden, model } from './program';

const program = new CommandLine();

async function config(): Promise<string> {
  const folder = await temporaryFolder();
  const keys = {
    model_name_or_path: model,
    train_file: join(golden, 'pairs.jsonl'),
    test_split_size: 0.3,
    use_peft: true,
    lora_r: 4,
    per_device_train_batch_size: 2,
    max_steps: 4,
    logging_steps: 1,
  };
  await writeFile(join(folder, 'a.train.json'), JSON.stringify(keys));
  onTestFinished(async () => {
    for (const { status, state } of (await findRuns([join(folder, '.margin', 'runs')])).runs)
      if (isLiving(status) && state && state.pid > 0) process.kill(state.pid, 'SIGKILL');
  });
  return folder;
}

const sweepOf = (folder: string, name: string): string => join(folder, '.margin', 'sweeps', name);

describe('wrong usage of margin sweep', () => {
  it.each([
    [['--grid', 'bta=1,2'], 'bta is not a known key; did you mean beta?'],
    [['--grid', 'beta=1'], 'two values or more'],
    [['--grid', 'output_dir=a,b'], 'trials must share output_dir'],
    [['--range', 'beta=0.1..1'], '--range needs --random N'],
    [['--random', '3', '--range', 'beta=1..0.1'], 'LOW below HIGH'],
    [['--random', '3', '--range', 'loss_type=0..1'], 'loss_type is no number; use --grid'],
    [['--grid', 'beta=0.1,0.2', '--metric', 'speed'], 'an evaluation has no eval_speed'],
    [[], 'give the values of a key'],
  ])('%j', async (args, message) => {
    const folder = await config();
    const { code, err } = await program.runHere(['sweep', 'a.train.json', ...args], folder);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it('needs held-out pairs, and a valid config of each trial', async () => {
    const folder = await config();
    const none = await program.runHere(
      ['sweep', 'a.train.json', '--grid', 'beta=0.1,0.2', '--test_split_size', '0'],
      folder,
    );
    expect([none.code, none.err]).toEqual([1, expect.stringContaining('held-out pairs')]);
    const wrong = await program.runHere(['sweep', 'a.train.json', '--grid', 'beta=0.1,-2'], folder);
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('beta')]);
  });

  it('--dry_run prints the trials and starts nothing', async () => {
    const folder = await config();
    const { out } = await program.runHere(
      ['sweep', 'a.train.json', '--grid', 'beta=0.1,0.2', '--grid', 'loss_type=sigmoid,ipo', '--dry_run'],
      folder,
    );
    expect(out.trim().split('\n')).toHaveLength(4);
    expect(out).toContain('beta 0.1, loss_type sigmoid');
    expect(await readdir(folder)).toEqual(['a.train.json']);
  });
});

describe.skipIf(!existsSync(model))('with the model in ../shared (skipped if it is missing)', () => {
  it('a grid trains a run for each combination, tags it, and names the best with its interval', async () => {
    const folder = await config();
    const args = ['sweep', 'a.train.json', '--grid', 'beta=0.05,0.5', '--max_steps', '2', '--name', 'g'];
    const { code, out, err } = await program.run(args, folder);
    expect([code, err]).toEqual([0, expect.any(String)]);
    expect(out).toMatch(/Best: trial \d, beta 0\.\d+: eval_rewards\/accuracies [\d.]+ % \(95 % interval/);
    const { trials } = await readSweep(sweepOf(folder, 'g'));
    expect(trials.map(({ state }) => state)).toEqual(['done', 'done']);
    for (const { run } of trials) expect((await readNotes(run ?? '')).tags).toEqual(['sweep:g']);
  });

  it('halving continues trials from their checkpoints and drops the others', async () => {
    const folder = await config();
    const args = ['sweep', 'a.train.json', '--halving', '--grid', 'beta=0.05,0.1,0.5,1', '--name', 'h', '--json'];
    const { json } = await program.run(args, folder);
    const lines = json();
    expect(lines.at(-1)).toMatchObject({ ended: 'over', best: { state: 'done', result: { step: 4 } } });
    const { trials, rungs } = await readSweep(sweepOf(folder, 'h'));
    expect(rungs).toEqual([1, 2, 4]);
    expect(trials.map(({ state }) => state).sort()).toEqual(['done', 'dropped', 'dropped', 'dropped']);
    const best = trials.find(({ state }) => state === 'done');
    const events = (await readFile(runPaths.events(best?.run ?? ''), 'utf8')).trim().split('\n');
    const steps = events
      .map((line) => JSON.parse(line) as { kind: string; step: number })
      .filter(({ kind }) => kind === 'train')
      .map(({ step }) => step);
    // Each step was taken once: nothing was started over.
    expect(steps).toEqual([1, 2, 3, 4]);
  });

  it('ends with its budget, and goes on with a larger one', async () => {
    const folder = await config();
    const args = ['sweep', 'a.train.json', '--grid', 'beta=0.05,0.5', '--name', 'b', '--budget', '0.01'];
    const long = await program.run([...args, '--max_steps', '300'], folder);
    expect(long.err).toContain('The budget is used up');
    const before = await readSweep(sweepOf(folder, 'b'));
    expect(before.trials.map(({ state }) => state)).toEqual(['skipped', 'skipped']);
    const again = await program.run(['sweep', '--resume', sweepOf(folder, 'b'), '--budget', '0.02', '--json'], folder);
    expect(again.json().at(-1)).toMatchObject({ ended: 'budget' });
    const after = await readSweep(sweepOf(folder, 'b'));
    expect(after.trials[0]?.run).toBe(before.trials[0]?.run);
    expect(after.trials[0]?.result?.step ?? 0).toBeGreaterThanOrEqual(before.trials[0]?.result?.step ?? 0);
  });
});
