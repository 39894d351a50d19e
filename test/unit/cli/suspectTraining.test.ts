import { readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { CommandLine } from './commandLine';

const program = new CommandLine();
const model = resolve('media/sample/model');
const count = 64;
const args = ['suspects', 'rows.jsonl', '--model', model, '--runs', '1', '--json'];
const runs = (): Promise<string[]> => readdir(join(program.folder, '.margin', 'runs'));

it('suspects trains what it needs after saying what it takes, and uses these runs the next time', async () => {
  const lines = readFileSync('media/sample/prefs.jsonl', 'utf8').split('\n').slice(0, count);
  await writeFile(join(program.folder, 'rows.jsonl'), `${lines.join('\n')}\n`);
  const price = await program.run([...args, '--dry_run']);
  expect(price).toMatchObject({ code: 0 });
  expect(price.err).toMatch(/1 run on 64 rows: about .+ each with scoring, .+ in all; .+ free memory/);
  expect(price.json()).toMatchObject([{ price: { runs: 1, rows: count } }]);
  const first = await program.run(args);
  expect(first.code, first.err).toBe(0);
  const told = first.json().filter((line) => 'verdict' in line || 'noise' in line);
  expect(told).toHaveLength(count + 1);
  const made = await runs();
  expect(made).toHaveLength(1);
  const again = await program.run(args);
  expect(again.err).toContain('1 run of this model and these rows is scored already, and is used.');
  expect(first.json()).toContainEqual({ progress: { text: expect.stringMatching(/^run 1 of 1 · /) as unknown } });
  expect(again.json()).toEqual(told);
  expect(await runs()).toEqual(made);
});

it('suspects trains new runs for other settings, and refuses settings of training for --run', async () => {
  const other = await program.run([...args, '--learning_rate', '1e-3', '--dry_run']);
  expect(other.json()).toMatchObject([{ price: { runs: 1 } }]);
  const wrong = await program.run(['suspects', 'rows.jsonl', '--run', 'a', '--epochs', '2']);
  expect(wrong).toMatchObject({ code: 2 });
  expect(wrong.err).toContain('--epochs is for --model');
  const both = await program.run([...args, '--run', 'a']);
  expect(both.err).toContain('--run and --model exclude each other');
  const missing = await program.run(['suspects', 'rows.jsonl', '--model', 'nowhere']);
  expect(missing).toMatchObject({ code: 1 });
  expect(missing.err).toContain('nowhere');
});
