import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseTrainConfig } from '../../../src/run/trainConfig';
import { jobStart } from '../../../src/trl/job';
import { argumentsOf } from '../../../src/trl/launch';
import { prepareJob } from '../../../src/train/trl/prepareJob';
import { temporaryFolder } from '../run/temporaryFolder';

const model = resolve('media/sample/model');
const pair = (n: number, more: object = {}): object => ({
  prompt: `Question ${n}?`,
  chosen: 'Yes.',
  rejected: 'No.',
  ...more,
});

async function prepare(rows: readonly object[], more: object = {}) {
  const folder = await temporaryFolder();
  const file = join(folder, 'rows.jsonl');
  await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const keys = { backend: 'trl', model_name_or_path: model, train_file: file, use_peft: true, lora_r: 2, ...more };
  const prepared = await prepareJob(parseTrainConfig(JSON.stringify(keys), join(folder, 'x.train.json')), folder);
  const read = (name: string): string => readFileSync(join(folder, 'trl', name), 'utf8');
  const lines = (name: string): unknown[] =>
    read(name)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  const job = JSON.parse(read('job.json')) as Readonly<
    Record<string, { readonly sha256: string; readonly rows: number }>
  >;
  return { ...prepared, folder, read, lines, written: job };
}

describe('the job of a run of TRL', () => {
  it('has the rows with an explicit prompt, their hash, the adapter to start from and the program', async () => {
    const { job, read, lines, written } = await prepare([pair(1), pair(2)]);
    expect(lines('data/train.jsonl')).toEqual([
      { prompt: 'Question 1?', chosen: 'Yes.', rejected: 'No.' },
      { prompt: 'Question 2?', chosen: 'Yes.', rejected: 'No.' },
    ]);
    const hash = createHash('sha256').update(read('data/train.jsonl')).digest('hex');
    expect(written).toMatchObject({ model, adapter: 'adapter', train: { rows: 2, sha256: hash }, held: null });
    expect(job.command).toEqual(['python', 'runner.py', 'job.json']);
    expect(read('runner.py')).toBe(readFileSync('media/trl/runner.py', 'utf8'));
    expect(JSON.parse(read('adapter/adapter_config.json'))).toMatchObject({ r: 2 });
  });

  it('leaves out what Margin leaves out, and holds out the same prompts', async () => {
    const rows = [...Array.from({ length: 40 }, (_, n) => pair(n)), { prompt: 'Broken?' }];
    const { lines, remarks } = await prepare(rows, { test_split_size: 0.3 });
    const [train, held] = [lines('data/train.jsonl'), lines('data/eval.jsonl')];
    expect(train.length + held.length).toBe(40);
    expect(held.length).toBeGreaterThan(0);
    expect(remarks.map(({ message }) => message).join('\n')).toContain('1 row of');
  });

  it('judged answers become prompt, completion and label', async () => {
    const rows = [1, 2, 3, 4].map((n) => ({ prompt: `Q${n}`, completion: `A${n}`, label: n % 2 === 0 }));
    const { lines } = await prepare(rows, { trainer: 'kto', per_device_train_batch_size: 4 });
    expect(lines('data/train.jsonl')[1]).toEqual({ prompt: 'Q2', completion: 'A2', label: true });
  });

  it('refuses weights, and a file of chats and plain texts', async () => {
    await expect(prepare([pair(1, { weight: 2 })])).rejects.toMatchObject({ code: 'trl-weights' });
    const chat = {
      prompt: [{ role: 'user', content: 'Hi?' }],
      chosen: [{ role: 'assistant', content: 'Yes' }],
      rejected: [{ role: 'assistant', content: 'No' }],
    };
    await expect(prepare([pair(1), chat])).rejects.toMatchObject({ code: 'trl-rows' });
  });

  it('several processes on the CPU are started by torchrun, others by accelerate', async () => {
    const { job } = await prepare([pair(1), pair(2)], { distributed_type: 'MULTI_CPU', num_processes: 2 });
    expect(job.command).toEqual([
      ...['torchrun', '--nnodes', '1', '--nproc_per_node', '2', '--standalone'],
      ...['runner.py', 'job.json'],
    ]);
    expect(job.processes).toBe(2);
    const keys = { backend: 'trl', model_name_or_path: model, train_file: 'x.jsonl', device: 'cuda' };
    const gpus = { ...keys, distributed_type: 'MULTI_GPU', num_processes: 2 };
    const start = jobStart(parseTrainConfig(JSON.stringify(gpus), '/data/x.train.json'), '/data/run');
    expect(argumentsOf(start.command)).toEqual([
      ...['-m', 'accelerate.commands.accelerate_cli', 'launch', '--config_file', 'accelerate.yaml'],
      ...['runner.py', 'job.json'],
    ]);
  });
});
