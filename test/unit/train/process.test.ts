import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, readdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readAllEvents } from '../../../src/run/events';
import { readRun, rewardSteps } from '../../../src/run/find';
import { readState, runPaths, writeControl } from '../../../src/run/folder';
import { scoringPaths } from '../../../src/run/scoring';
import type { RunState, TrainConfig } from '../../../src/run/types';
import { Program } from '../cli/program';
import { copyOf } from '../model/files';
import { temporaryFolder } from '../run/temporaryFolder';
import { goldenConfig, goldenFolder, goldenModel, readGolden } from './golden';
import { ofKind, runFolder } from './runs';

const program = new Program();

function config(change: Partial<TrainConfig> = {}): TrainConfig {
  const base = goldenConfig(readGolden('sigmoid'));
  return {
    ...base,
    model_name_or_path: resolve(goldenModel),
    adapter_name_or_path: resolve(goldenFolder, 'init'),
    train_file: resolve(goldenFolder, 'pairs.jsonl'),
    max_steps: 2,
    ...change,
  };
}

function start(args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [program.trainer, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function ended(child: ChildProcess): Promise<{ code: number | null; said: string }> {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, said };
}

async function until(folder: string, seen: (state: RunState) => boolean): Promise<RunState> {
  for (let waited = 0; waited < 40_000; waited += 50) {
    const state = await readState(folder);
    if (state && seen(state)) return state;
    await sleep(50);
  }
  throw new Error('it never came');
}

/** A file of pairs, or a changed copy of the golden model. */
async function pairsFile(...rows: readonly unknown[]): Promise<string> {
  const file = join(await temporaryFolder(), 'pairs.jsonl');
  await writeFile(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  return file;
}
async function model(damage: (folder: string) => Promise<void>): Promise<string> {
  const folder = await copyOf(goldenModel);
  await damage(folder);
  return folder;
}
async function changed(folder: string, name: string, change: object): Promise<void> {
  const file = join(folder, name);
  await writeFile(file, JSON.stringify({ ...(JSON.parse(await readFile(file, 'utf8')) as object), ...change }));
}
const conversation = {
  prompt: [{ role: 'user', content: 'Hi' }],
  chosen: [{ role: 'assistant', content: 'Hello' }],
  rejected: [{ role: 'assistant', content: 'Go' }],
};

const failures: readonly (readonly [
  what: string,
  change: () => Promise<Partial<TrainConfig>>,
  code: string,
  says: RegExp,
])[] = [
  [
    'a model folder that is not there',
    async () => ({ model_name_or_path: join(await temporaryFolder(), 'none') }),
    'missing-file',
    /none.config\.json does not exist/,
  ],
  [
    'weights that are missing',
    async () => ({ model_name_or_path: await model((folder) => rm(join(folder, 'model.safetensors'))) }),
    'missing-file',
    /model\.safetensors/,
  ],
  [
    'weights that are cut short',
    async () => ({ model_name_or_path: await model((folder) => truncate(join(folder, 'model.safetensors'), 9999)) }),
    'bad-safetensors',
    /model\.safetensors/,
  ],
  [
    'a weight that is NaN',
    async () => ({ model_name_or_path: await model(async (folder) => breakWeight(join(folder, 'model.safetensors'))) }),
    'bad-weight',
    /model\.safetensors.* holds a NaN/,
  ],
  [
    'a chat template that loops forever',
    async () => ({
      train_file: await pairsFile(conversation),
      model_name_or_path: await model((folder) => changed(folder, 'tokenizer_config.json', { chat_template: endless })),
    }),
    'no-usable-pairs',
    // Margin stops it after two million steps or after ten seconds.
    /pairs\.jsonl:1: .*(loop forever|takes too long)/,
  ],
  [
    'an unknown architecture',
    async () => ({
      model_name_or_path: await model((folder) => changed(folder, 'config.json', { model_type: 'bert' })),
    }),
    'unknown-architecture',
    /"bert".*llama/,
  ],
  [
    'a tokenizer of another model',
    async () => ({ model_name_or_path: await model(wideTokenizer) }),
    'vocabulary-mismatch',
    /token id 600/,
  ],
  ['an adapter of another rank', async () => ({ adapter_name_or_path: await otherAdapter() }), 'bad-adapter', /lora_A/],
  [
    'conversations without a chat template',
    async () => ({ train_file: await pairsFile(conversation) }),
    'no-chat-template',
    /chat_template/,
  ],
  [
    'data without a usable pair',
    async () => ({ train_file: await pairsFile({ text: 'a' }, { text: 'b' }) }),
    'no-usable-pairs',
    /pairs\.jsonl/,
  ],
  ['prompts that all fill max_length', async () => ({ max_length: 8 }), 'all-too-long', /max_length \(8\)/],
  [
    'a data file that is not there',
    async () => ({ train_file: join(await temporaryFolder(), 'gone.jsonl') }),
    'missing',
    /gone\.jsonl/,
  ],
];

const endless = '{% for a in range(4000) %}{% for b in range(4000) %}{% set c = a * b %}{% endfor %}{% endfor %}';

/** Sets all bits of the last number in the file. */
async function breakWeight(file: string): Promise<void> {
  const bytes = await readFile(file);
  await writeFile(file, bytes.fill(0xff, bytes.length - 4));
}

async function wideTokenizer(folder: string): Promise<void> {
  const file = join(folder, 'tokenizer.json');
  const definition = JSON.parse(await readFile(file, 'utf8')) as { model: { vocab: Record<string, number> } };
  definition.model.vocab['wide'] = 600;
  await writeFile(file, JSON.stringify(definition));
}

async function otherAdapter(): Promise<string> {
  const folder = await copyOf(join(goldenFolder, 'init'));
  await changed(folder, 'adapter_config.json', { r: 8 });
  return folder;
}

describe.skipIf(!existsSync(goldenFolder))('the trainer process', () => {
  it.each(failures)('with %s fails with a message, and trains nothing', async (_, change, code, says) => {
    const folder = await runFolder(config(await change()));
    expect((await ended(start([folder]))).code).toBe(1);
    const state = await readState(folder);
    expect(state).toMatchObject({ status: 'failed', error: { code, message: expect.stringMatching(says) } });
    // A weight that is not finite is noticed only after the notes about the opened files.
    const told = (await readAllEvents(folder)).filter(({ kind }) => kind !== 'note');
    expect(told).toMatchObject([{ kind: 'error', code, message: state?.error?.message }]);
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'events.jsonl', 'state.json']);
  });

  it('does not change the folder of a newer Margin', async () => {
    const folder = await runFolder(config(), { version: 99 });
    const { code, said } = await ended(start([folder]));
    expect(code).toBe(1);
    expect(said).toMatch(/newer Margin/);
    expect(await readdir(folder)).toEqual(['config.json']);
  });

  it('prints its usage', async () => {
    expect(await ended(start([]))).toMatchObject({ code: 2, said: expect.stringContaining('RUN_FOLDER') });
    expect((await ended(start(['a', '--resum']))).code).toBe(2);
  });

  it('that cannot write its checkpoints fails with the path', async () => {
    const folder = await runFolder(config());
    await writeFile(join(folder, 'checkpoints'), 'in the way');
    expect((await ended(start([folder]))).code).toBe(1);
    expect(await readState(folder)).toMatchObject({
      status: 'failed',
      error: { code: 'not-a-folder', message: expect.stringContaining(join('checkpoints', 'step-000002')) },
    });
  });

  it.skipIf(!existsSync('/dev/full'))(
    'whose rewards cannot be written stays done, says why, and leaves no half of a file',
    async () => {
      const folder = await runFolder(config());
      expect((await ended(start([folder]))).code).toBe(0);
      const { pairs } = JSON.parse(await readFile(join(runPaths.checkpoint(folder, 2), 'trainer.json'), 'utf8')) as {
        pairs: string;
      };
      await rm(runPaths.rewards(folder, 2));
      await symlink('/dev/full', scoringPaths.partial(folder, 2, pairs));
      expect((await ended(start([folder, '--score']))).code).toBe(1);
      expect(await readRun(folder)).toMatchObject({
        status: 'done',
        scoring: { status: 'failed', error: { code: 'not-a-file', message: expect.stringContaining('step-000002') } },
      });
      expect((await readdir(join(folder, 'rewards'))).filter((name) => /^step-.*\.jsonl$/.test(name))).toEqual([]);
    },
  );

  it('saves and stops on SIGTERM', async () => {
    const folder = await runFolder(config({ max_steps: 500 }));
    const child = start([folder]);
    await until(folder, ({ step }) => step >= 2);
    child.kill('SIGTERM');
    expect((await ended(child)).code).toBe(0);
    const state = await readState(folder);
    expect(state).toMatchObject({ status: 'stopped', error: null });
    expect(await readdir(join(folder, 'checkpoints'))).toEqual([`step-${String(state?.step).padStart(6, '0')}`]);
  });

  it('pauses, continues and stops as control.json asks, with a heartbeat', async () => {
    const folder = await runFolder(config({ max_steps: 500 }));
    const child = start([folder]);
    await until(folder, ({ step }) => step >= 1);
    await writeControl(folder, { want: 'pause' });
    const paused = await until(folder, ({ status }) => status === 'paused');
    const later = await until(folder, ({ heartbeat }) => heartbeat > paused.heartbeat);
    expect(later.step).toBe(paused.step);
    await writeControl(folder, { want: 'run' });
    await until(folder, ({ step }) => step > paused.step);
    await writeControl(folder, { want: 'stop' });
    expect((await ended(child)).code).toBe(0);
    expect((await readState(folder))?.status).toBe('stopped');
  });

  it('continues when its starter hangs up and closes its output', async () => {
    const folder = await runFolder(config({ max_steps: 4 }));
    const child = start([folder]);
    child.stdout?.destroy();
    child.stderr?.destroy();
    await until(folder, ({ status }) => status === 'running');
    child.kill('SIGHUP');
    expect(await new Promise((done) => child.once('exit', done))).toBe(0);
    expect(await readState(folder)).toMatchObject({ status: 'done', step: 4 });
  });

  it('evaluates held-out pairs, and draws samples at the start and at the end', async () => {
    const train = resolve(goldenFolder, 'pairs.jsonl');
    const rows = (await readFile(train, 'utf8')).trim().split('\n').slice(0, 20);
    const held = join(await temporaryFolder(), 'held.jsonl');
    await writeFile(held, rows.join('\n'));
    const folder = await runFolder(config({ eval_file: held, max_steps: 12, reward_steps: 6 }));
    expect((await ended(start([folder]))).code).toBe(0);
    const events = await readAllEvents(folder);
    const measured = ofKind(events, 'eval');
    expect(measured.map(({ step }) => step)).toEqual([6, 12]);
    for (const { metrics } of measured)
      expect(Object.keys(metrics).every((name) => name.startsWith('eval_'))).toBe(true);
    expect(measured[1]?.metrics['eval_rewards/margins']).toBeGreaterThan(0);
    expect(measured[1]?.metrics['eval_loss']).toBeLessThan(Math.LN2);
    expect(await rewardSteps(folder)).toEqual([6, 12]);
    const samples = events.flatMap((event) => (event.kind === 'sample' ? [event] : []));
    expect(samples.map(({ step }) => step)).toEqual([6, 6, 6, 12, 12, 12]);
    for (const { before, after } of samples) expect(Math.min(before.length, after.length)).toBeGreaterThan(0);
  });
});
