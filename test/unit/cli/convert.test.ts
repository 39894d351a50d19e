import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CommandLine } from './commandLine';
import type { Ended } from './program';

const program = new CommandLine();
const shapes = resolve('../shared/cases/shapes');

/** Three questions with a better and a worse answer, which every file of `shapes` holds. */
const questions = [
  'Which is bigger, a bee or a horse?',
  'How many legs does a sheep have?',
  'Tell me the colour of butter.',
];
const chosen = ['A horse is bigger.', 'A sheep has four legs.', 'Butter is yellow.'];
const rejected = ['A bee. Stop asking.', 'Nine, I think.', 'Butter is black.'];

const plain = '{"prompt": "Q", "chosen": "a", "rejected": "b", "score": 8.0}\n';

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(program.folder, `f${Math.random().toString(36).slice(2)}`);
  await mkdir(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

it('prints one JSON line per row to stdout, and the report to stderr', async () => {
  const folder = await folderWith({ 'a.jsonl': `${plain}{"no": "pair"}\n`, 'b.jsonl': plain });
  const { code, out, err } = await program.run(['convert', 'a.jsonl', 'b.jsonl', '--to', 'trl'], folder);
  expect(code).toBe(0);
  expect(out).toBe('{"prompt":"Q","chosen":"a","rejected":"b","score":8.0}\n'.repeat(2));
  expect(err).toContain('3 rows read, 2 written, 1 left out\n');
  expect(err).toMatch(/left out: 1 row: The row holds no pair: .*\(a\.jsonl:2\)/);
});

it('--out with --json writes the file and prints the report', async () => {
  const folder = await folderWith({ 'a.jsonl': plain });
  const { code, json } = await program.run(['convert', 'a.jsonl', '--to', 'kto', '--out', 'k.jsonl', '--json'], folder);
  expect(code).toBe(0);
  expect(json()).toEqual([
    { read: 1, written: 2, leftOut: 0, notCarried: 0, changed: 0, blank: 0, lists: null, losses: [], notes: [] },
  ]);
  expect(await readFile(join(folder, 'k.jsonl'), 'utf8')).toBe(
    '{"prompt":"Q","completion":"a","label":true,"score":8.0}\n{"prompt":"Q","completion":"b","label":false,"score":8.0}\n',
  );
});

it('--strict makes a loss an error and leaves no file; so does a file without any pair', async () => {
  const folder = await folderWith({ 'a.jsonl': plain, 'none.jsonl': '{"no": "pair"}\n', 'old.jsonl': 'old' });
  const strict = await program.runHere(
    ['convert', 'a.jsonl', '--to', 'openai', '--strict', '--out', 'old.jsonl'],
    folder,
  );
  expect(strict.code).toBe(1);
  expect(strict.err).toContain('not carried: 1 row: The column "score". (a.jsonl:1)');
  const none = await program.runHere(['convert', 'none.jsonl', '--to', 'trl', '--out', 'new.jsonl'], folder);
  expect(none.code).toBe(1);
  expect(none.err).toContain('None of the 1 rows can be converted');
  expect(await readdir(folder)).toEqual(['a.jsonl', 'none.jsonl', 'old.jsonl']);
  expect(await readFile(join(folder, 'old.jsonl'), 'utf8')).toBe('old');
});

it('an input file is never overwritten, under any name', async () => {
  const folder = await folderWith({ 'a.jsonl': plain });
  await symlink('a.jsonl', join(folder, 'link.jsonl'));
  const { code, err } = await program.runHere(['convert', 'a.jsonl', '--to', 'kto', '--out', 'link.jsonl'], folder);
  expect(code).toBe(1);
  expect(err).toContain('is the file to convert');
  expect(await readFile(join(folder, 'a.jsonl'), 'utf8')).toBe(plain);
});

it('Ctrl+C leaves no file behind', async () => {
  const folder = await folderWith({ 'big.jsonl': plain.repeat(400_000) });
  const { child, ended } = program.start(['convert', 'big.jsonl', '--to', 'axolotl', '--out', 'new.jsonl'], folder);
  while ((await readdir(folder)).length === 1) await new Promise((done) => setTimeout(done, 10));
  child.kill('SIGINT');
  const { code, err } = await ended;
  expect(code).toBe(1);
  expect(err).toContain('Stopped; no file was written.');
  expect(await readdir(folder)).toEqual(['big.jsonl']);
});

it('llama-factory adds an entry to dataset_info.json and leaves the others as they are', async () => {
  const old = { other: { file_name: 'other.json' }, taken: { hf_hub_url: 'a/b' } };
  const folder = await folderWith({ 'a.jsonl': plain, 'dataset_info.json': JSON.stringify(old, null, 4) });
  const to = (out: string) => program.runHere(['convert', 'a.jsonl', '--to', 'llama-factory', '--out', out], folder);
  const { code, err } = await to('mine.jsonl');
  expect(code).toBe(0);
  expect(err).toContain('entry "mine"');
  const text = await readFile(join(folder, 'dataset_info.json'), 'utf8');
  expect(text.startsWith('{\n    "other"')).toBe(true);
  expect(JSON.parse(text)).toMatchObject({
    ...old,
    mine: { file_name: 'mine.jsonl', formatting: 'sharegpt', ranking: true },
  });
  const taken = await to('taken.jsonl');
  expect(taken.code).toBe(1);
  expect(taken.err).toContain('an entry "taken" for another data set');
});

it('axolotl prints the YAML that reads the file', async () => {
  const folder = await folderWith({ 'a.jsonl': plain });
  const { err } = await program.runHere(['convert', 'a.jsonl', '--to', 'axolotl', '--out', 'x.jsonl'], folder);
  expect(err).toContain('  - path: "x.jsonl"\n');
  expect(err).toContain('    type: chat_template.default\n');
});

it('CSV and Parquet hold the same pairs as the rows they come from, with every digit of other columns', async () => {
  const turn = (role: string, content: string): object => ({ role, content });
  const pair = {
    prompt: [turn('user', 'Q, "é"')],
    chosen: [turn('assistant', 'a\r\nb')],
    rejected: [turn('assistant', '')],
  };
  const rows = `${JSON.stringify(pair).slice(0, -1)}, "score": 8.0, "id": 12345678901234567890}\n${plain}`;
  const folder = await folderWith({ 'a.jsonl': rows });
  for (const to of ['csv', 'parquet']) {
    await program.run(['convert', 'a.jsonl', '--to', to, '--out', `b.${to}`], folder);
    const { out } = await program.run(['convert', `b.${to}`, '--to', 'trl'], folder);
    const score = to === 'csv' ? '8.0' : 8;
    const [first, second] = out.split('\n').map((line) => (line === '' ? null : (JSON.parse(line) as object)));
    expect(first).toEqual({ ...pair, score, id: '12345678901234567890' });
    expect(second).toMatchObject({ prompt: 'Q', chosen: 'a', rejected: 'b', score });
  }
  const printed = await program.run(['convert', 'a.jsonl', '--to', 'csv'], folder);
  expect(printed.out).toBe(await readFile(join(folder, 'b.csv'), 'utf8'));
});

it('a side that Parquet can hold only as JSON text is named', async () => {
  const chat =
    '{"prompt": [{"role": "user", "content": "Q"}], "chosen": [{"role": "assistant", "content": "a"}], "rejected": []}\n';
  const folder = await folderWith({ 'mixed.jsonl': plain + chat });
  const { code, err } = await program.runHere(
    ['convert', 'mixed.jsonl', '--to', 'parquet', '--out', 'm.parquet'],
    folder,
  );
  expect(code).toBe(0);
  expect(err).toContain('The column "prompt" holds JSON text');
});

it('--from reads all rows in one format, and names a format that does not exist', async () => {
  const row = '{"prompt": "Q", "chosen": "Q a", "rejected": "Q b", "input": "x"}\n';
  const folder = await folderWith({ 'a.jsonl': row });
  const from = (id: string): Promise<Ended> =>
    program.runHere(['convert', 'a.jsonl', '--to', 'axolotl', '--from', id], folder);
  expect((await from('openrlhf-input')).out).toContain('"content":"x"');
  expect((await from('explicit-plain')).out).toContain('"content":"Q a"');
  const { code, err } = await from('explicit-plan');
  expect(code).toBe(2);
  expect(err).toContain('did you mean explicit-plain?');
});

it('an option that would change nothing is refused', async () => {
  const { code, err } = await program.runHere(['convert', 'a.jsonl', '--to', 'openai', '--prompt', 'implicit']);
  expect(code).toBe(2);
  expect(err).toContain('--prompt does not change the rows of --to openai');
});

describe.skipIf(!existsSync(shapes))('the files of ../shared/cases/shapes (skipped if absent)', () => {
  const message = (role: string, content: string): object => ({ role, content });
  const withSystem = /^(axolotl-chatml-|orca_dpo_pairs)/;
  /** Files of judged answers, and of other pairs than those above: ties, tool calls, texts without a common prompt. */
  const others = /^(kto-|content-parts-image|tool-calls|helpsteer2|trl-implicit-plain)/;
  /** A transcript in three plain texts, which are one turn each, and keys that a person must name. */
  const unread = /^(hh-with-prompt|axolotl-user_defined)/;

  it('convert to the same three chats for TRL', async () => {
    const all = await readdir(shapes);
    const names = all.filter((name) => !others.test(name) && !unread.test(name));
    const { out } = await program.runHere(['convert', ...names, '--to', 'trl', '--style', 'chat'], shapes);
    const rows = out.split('\n').filter((line) => line !== '');
    const failures = names.filter((name, file) => {
      const system = withSystem.test(name) ? [message('system', 'You talk with a child.')] : [];
      const want = questions.map((question, i) => ({
        prompt: [...system, message('user', question)],
        chosen: [message('assistant', chosen[i] ?? '')],
        rejected: [message('assistant', rejected[i] ?? '')],
      }));
      return rows.slice(3 * file, 3 * file + 3).some((row, i) => pairText(row) !== JSON.stringify(want[i]));
    });
    expect(failures).toEqual([]);
    expect(names.length).toBeGreaterThan(25);
    expect(rows).toHaveLength(3 * names.length);
  });

  /** Plain texts begin their answers with a space. */
  function pairText(row: string): string {
    const { prompt, chosen: better, rejected: worse } = JSON.parse(row) as Record<string, unknown>;
    return JSON.stringify({ prompt, chosen: better, rejected: worse }).replaceAll('"content":" ', '"content":"');
  }
});
