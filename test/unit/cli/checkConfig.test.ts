import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../run/temporaryFolder';
import { CommandLine } from './commandLine';

const program = new CommandLine();
const model = resolve('media', 'sample', 'model');
const pair = (i: number, more: object = {}): object => ({
  prompt: `Question ${i}?`,
  chosen: ` Yes, ${i}.`,
  rejected: ` No, ${i}.`,
  ...more,
});
const judged = (i: number, label: boolean): object => ({ prompt: `Question ${i}?`, completion: ` Yes, ${i}.`, label });
const jsonl = (rows: readonly object[]): string => rows.map((row) => JSON.stringify(row)).join('\n');

interface Files {
  readonly train?: readonly object[];
  readonly eval?: readonly object[];
  readonly keys?: object;
}

async function check(
  files: Files,
  ...options: readonly string[]
): Promise<{ code: number | null; lines: readonly string[] }> {
  const folder = await temporaryFolder();
  if (files.train) await writeFile(join(folder, 'train.jsonl'), jsonl(files.train));
  if (files.eval) await writeFile(join(folder, 'eval.jsonl'), jsonl(files.eval));
  await writeFile(
    join(folder, 'a.train.json'),
    JSON.stringify({ model_name_or_path: model, train_file: 'train.jsonl', use_peft: true, ...files.keys }),
  );
  const { code, out } = await program.runHere(['check', 'a.train.json', ...options], folder);
  return {
    code,
    lines: out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.replaceAll(folder, '.')),
  };
}

const pairs = [1, 2, 3, 4].map((i) => pair(i));

describe('check of a training config', () => {
  it('finds nothing if train would run', async () => {
    expect(await check({ train: pairs })).toEqual({ code: 0, lines: [] });
  });

  it.each([
    ['a missing train_file', {}, /^a\.train\.json: error: train_file: there is no file \.\/train\.jsonl/],
    [
      'a missing eval_file',
      { train: pairs, keys: { eval_file: 'none.jsonl' } },
      /error: eval_file: there is no file \.\/none\.jsonl/,
    ],
    [
      'a missing model',
      { train: pairs, keys: { model_name_or_path: 'none' } },
      /error: model_name_or_path: there is no folder \.\/none/,
    ],
    ['a wrong key', { train: pairs, keys: { bta: 1 } }, /^a\.train\.json:1:\d+: error: bta is not a known key/],
    [
      'modules that the model has not',
      { train: pairs, keys: { lora_target_modules: ['no_proj'] } },
      /error: .*no_proj/,
    ],
    [
      'pairs for trainer kto',
      { train: pairs, keys: { trainer: 'kto', loss_type: 'kto', train_sampling_strategy: 'sequential' } },
      /error: .*no usable judged answer.*The row is a pair; trainer "kto" takes single answers/,
    ],
    [
      'judged answers for trainer dpo',
      { train: [judged(1, true), judged(2, false)] },
      /error: .*no usable pair.*train it with trainer "kto"/,
    ],
    [
      'prompts that fill max_length',
      { train: pairs, keys: { max_length: 2 } },
      /error: .*the prompt of every pair has max_length \(2\) tokens or more/,
    ],
  ])('refuses %s as train does', async (_, files: Files, says) => {
    const { code, lines } = await check(files);
    expect([code, lines]).toEqual([1, [expect.stringMatching(says)]]);
  });

  it('names every file that train would refuse, not only the first', async () => {
    const keys = { model_name_or_path: 'none', eval_file: 'none.jsonl', adapter_name_or_path: 'no-adapter' };
    const { code, lines } = await check({ keys });
    const fields = lines.map((line) => /error: (\w+):/.exec(line)?.[1]);
    expect([code, fields]).toEqual([1, ['train_file', 'eval_file', 'model_name_or_path', 'adapter_name_or_path']]);
  });

  it('names the rows that train leaves out, with each reason', async () => {
    const { code, lines } = await check({
      train: [
        ...pairs,
        pair(5, { weight: 'heavy' }),
        { prompt: 'Q', chosen: 1, rejected: 'b' },
        pair(6, { weight: -1 }),
      ],
    });
    expect(code).toBe(1);
    expect(lines).toEqual([
      expect.stringMatching(/error: 2 rows of \.\/train\.jsonl are left out: weight multiplies .* \(lines 5, 7\)$/),
      expect.stringMatching(/error: 1 row of \.\/train\.jsonl is left out: .*chosen.* \(line 6\)$/),
    ]);
  });

  it('counts rows of eval_file that train_file has too, and rows whose prompt it has', async () => {
    const other = { ...pair(2), chosen: ' Perhaps.' };
    const { code, lines } = await check({
      train: pairs,
      eval: [pair(9), pair(1), other],
      keys: { eval_file: 'eval.jsonl' },
    });
    expect(code).toBe(0);
    expect(lines).toEqual([
      expect.stringMatching(
        /^a\.train\.json: warning: 1 row of \.\/eval\.jsonl is also in \.\/train\.jsonl.*: line 2$/,
      ),
      expect.stringMatching(
        /^a\.train\.json: warning: 1 row of \.\/eval\.jsonl has a prompt of \.\/train\.jsonl.*: line 3$/,
      ),
    ]);
  });

  it.each([
    ['the same file', 'train.jsonl'],
    ['a copy', 'eval.jsonl'],
  ])('warns that eval_file is train_file: %s; with --strict this is an error', async (_, name) => {
    const files = { train: pairs, eval: pairs, keys: { eval_file: name } };
    const says = [expect.stringMatching(/warning: eval_file holds the same 4 rows as train_file/)];
    expect(await check(files)).toEqual({ code: 0, lines: says });
    expect((await check(files, '--strict')).code).toBe(1);
  });

  it('says that all judged answers have the same label', async () => {
    const { code, lines } = await check({
      train: [judged(1, false), judged(2, false)],
      keys: { trainer: 'kto', loss_type: 'apo_zero_unpaired' },
    });
    expect([code, lines]).toEqual([0, [expect.stringMatching(/All 2 judged answers have the label false/)]]);
  });
});
