import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRunFolder, writeState } from '../../../src/run/folder';
import { runConfig, runState } from '../run/samples';
import { temporaryFolder } from '../run/temporaryFolder';
import { CommandLine } from './commandLine';

const program = new CommandLine();
const commands = [
  'train',
  'score',
  'check',
  'tokens',
  'formats',
  'models',
  'pull',
  'push',
  'generate',
  'draft',
  'judge',
  'round',
  'runs',
  'queue',
  'sweep',
  'export',
];

describe('help', () => {
  it('lists the commands', async () => {
    const { code, out } = await program.run(['--help']);
    expect(code).toBe(0);
    for (const command of commands) expect(out).toMatch(new RegExp(`^  ${command} `, 'm'));
  });

  it.each(commands)('of %s goes to stdout and has the exit codes', async (command) => {
    const { code, out, err } = await program.runHere([command, '--help']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(`margin ${command}`);
    expect(out).toMatch(/--json/);
    expect(out).toMatch(/Exit code: 0/);
  });
});

describe('wrong usage exits with 2 and names the mistake', () => {
  it.each([
    [[], 'margin COMMAND'],
    [['trian'], 'unknown command trian; did you mean train?'],
    [['train'], 'CONFIG.train.json is missing'],
    [['train', 'a.train.json', 'b.train.json'], 'give only one CONFIG.train.json; unexpected argument b.train.json'],
    [['train', 'x', '--bta', '1'], 'bta is not a known key; did you mean beta?'],
    [['train', 'x', '--bf16', 'true'], 'bf16 is not implemented in Margin yet'],
    [['train', 'x', '--beta'], '--beta needs a value'],
    [['train', '--resume', 'folder', '--beta', '1'], 'a resumed run keeps its config: leave out --beta'],
    [['train', 'x', '--lr_steps', '20'], '--lr_steps is only for --find_lr'],
    [['train', 'x', '--find_lr', '--dry_run'], '--find_lr does not start a run: leave out --dry_run'],
    [['train', 'x', '--find_lr', '--detach'], '--find_lr does not start a run: leave out --detach'],
    [['score'], 'FILE is missing'],
    [['score', 'x.jsonl'], '--model is missing'],
    [
      ['score', 'x.jsonl', '--model', 'm', '--batch_size', '0'],
      '--batch_size must be a whole number at least 1, not 0',
    ],
    [['score', 'x.jsonl', '--model', 'm', '--bets', '1'], 'did you mean --beta?'],
    [['generate'], '--model is missing'],
    [['generate', 'hello', '--model', 'm'], 'unexpected argument hello'],
    [['generate', '--model', 'm', '--top_p', '2'], '--top_p must be a number between 0 and 1, not 2'],
    [['generate', '--model', 'm', '--top_k', '5'], '--top_k has no effect without a --temperature above 0'],
    [['generate', '--model', 'm', '--stop_strings', ''], '--stop_strings must not be empty'],
    [['generate', '--model', 'm', '--stop_strings'], '--stop_strings needs a value'],
    [['check'], 'FILE is missing'],
    [['formats', 'trl'], 'unexpected argument trl'],
    [['runs', 'stop'], 'stop which run?'],
    [['queue', 'up'], 'up which run?'],
    [['runs', 'a', 'b'], 'unexpected argument b'],
    [['export'], 'RUN_OR_CHECKPOINT is missing'],
    [['export', 'run', '--out', 'x'], '--format is missing'],
    [['export', 'run', '--format', 'onnx'], '--format must be one of peft, merged, gguf, merged-gguf, not onnx'],
    [['export', 'run', '--format', 'peft'], '--out is missing'],
    [
      ['export', 'run', '--format', 'merged', '--out', 'x', '--outtype', 'f16'],
      '--outtype is only for --format merged-gguf',
    ],
    [
      ['export', 'run', '--format', 'merged-gguf', '--out', 'x', '--outtype', 'q4_k'],
      '--outtype must be one of f32, f16, bf16, q8_0, not q4_k',
    ],
    [['export', 'run', '--format', 'peft', '--out', 'x', '--dtype', 'float16'], '--dtype is only for --format merged'],
    [
      ['export', 'run', '--format', 'merged', '--out', 'x', '--dtype', 'int8'],
      '--dtype must be one of float32, bfloat16, float16, not int8',
    ],
    [
      ['export', 'run', '--format', 'merged', '--out', 'x', '--max_shard_size', '5'],
      '--max_shard_size must be a size such as 500MB or 5GB, not 5',
    ],
    [
      ['export', 'run', '--format', 'merged', '--out', 'x', '--step', '3', '--best'],
      '--step and --best name two checkpoints: give only one of them',
    ],
    [
      ['export', 'run', '--format', 'merged', '--out', 'x', '--step', '0'],
      '--step must be a whole number at least 1, not 0',
    ],
  ])('%j', async (args, message) => {
    const { code, out, err } = await program.runHere(args);
    expect(code).toBe(2);
    expect(err + out).toContain(message);
  });

  it('reports a value on the command line that does not fit its key', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'a.train.json'), '{"model_name_or_path": "m", "train_file": "t"}');
    const { code, err } = await program.runHere(['train', 'a.train.json', '--beta', 'high'], folder);
    expect([code, err]).toEqual([2, expect.stringContaining('--beta must be a number above 0, not "high"')]);
  });
});

describe('a failure exits with 1, names file and field, and leaves nothing behind', () => {
  it.each([
    [
      '{"model_name_or_path": "m",\n "train_file": "t", "bta": 1}',
      /a\.train\.json:2:21: bta is not a known key; did you mean beta\?/,
    ],
    ['{"model_name_or_path": "m", "train_file": "missing.jsonl"}', /train_file: there is no file .*missing\.jsonl/],
    ['{"model_name_or_path": "m", "train_file": "empty.jsonl"}', /train_file: .*empty\.jsonl is empty/],
    [
      '{"model_name_or_path": "missing", "train_file": "pairs.jsonl"}',
      /model_name_or_path: there is no folder .*missing/,
    ],
    ['{"model_name_or_path": ".", "train_file": "pairs.jsonl"}', /model_name_or_path: .* has no config\.json/],
  ])('%j', async (config, message) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'a.train.json'), config);
    await writeFile(join(folder, 'empty.jsonl'), '');
    await writeFile(join(folder, 'pairs.jsonl'), '{}\n');
    const { code, err } = await program.runHere(['train', 'a.train.json'], folder);
    expect(err).toMatch(message);
    expect(code).toBe(1);
    expect(existsSync(join(folder, '.margin'))).toBe(false);
  });

  it('prints the error as the last line of stdout with --json', async () => {
    const { code, json } = await program.runHere(['score', 'nowhere.jsonl', '--model', 'nowhere', '--json']);
    expect(code).toBe(1);
    expect(json().at(-1)).toEqual({ error: { code: expect.any(String), message: expect.stringContaining('nowhere') } });
  });
});

it('runs lists each run’s best evaluation, as text and as JSON', async () => {
  const parent = await temporaryFolder();
  const [judged, plain] = [
    await createRunFolder(parent, runConfig({ name: 'judged' })),
    await createRunFolder(parent, runConfig({ name: 'plain' })),
  ];
  const best = { step: 30, metric: 'eval_rewards/accuracies', value: 0.8125 };
  writeState(judged, runState({ status: 'done', step: 40, steps: 40, best }));
  writeState(plain, runState({ status: 'done', step: 40, steps: 40 }));
  const { out } = await program.runHere(['runs', parent]);
  expect(out.split('\n').find((line) => line.includes(judged))).toContain('step 30: eval_rewards/accuracies 0.8125');
  const listed = (await program.runHere(['runs', parent, '--json'])).json();
  expect(listed.map(({ name, best: found }) => [name, found])).toEqual(
    expect.arrayContaining([
      ['judged', best],
      ['plain', null],
    ]),
  );
});
