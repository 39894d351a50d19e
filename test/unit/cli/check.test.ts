import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../run/temporaryFolder';
import { CommandLine } from './commandLine';

const program = new CommandLine();
const good = '{"prompt": "Q", "chosen": " yes.", "rejected": " no."}';

it('check prints nothing to stdout about a file without problems, and exits with 0', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'a.jsonl'), `${good}\n\n`);
  const { code, out, err } = await program.run(['check', 'a.jsonl'], folder);
  expect([code, out, err]).toEqual([0, '', '1 file, 1 row: no problems\n']);
});

it('check names file, line, severity and field of each problem, also of duplicates, and exits with 1', async () => {
  const folder = await temporaryFolder();
  await writeFile(
    join(folder, 'a.jsonl'),
    [
      good,
      '{"prompt": "Q", "chosen": 1, "rejected": "x"}',
      '{"chosen": ',
      good,
      '{"prompt": "Q", "chosen": " a.", "rejected": ""}',
    ].join('\n'),
  );
  await writeFile(join(folder, 'b.train.json'), '{"train_file": "a.jsonl",\n "bta": 1}');
  const { code, out, err } = await program.runHere(['check', 'a.jsonl', 'b.train.json', 'missing.jsonl'], folder);
  expect(code).toBe(1);
  const lines = out.trimEnd().split('\n');
  expect(lines).toEqual([
    expect.stringMatching(/^a\.jsonl:2: error: chosen: /),
    expect.stringMatching(/^a\.jsonl:3:\d+: error: /),
    'a.jsonl:4: warning: The same pair as line 1: delete one of the two. [duplicate]',
    expect.stringMatching(/^a\.jsonl:5: warning: rejected: .*empty/),
    expect.stringMatching(/^b\.train\.json:1:1: error: model_name_or_path is missing/),
    'b.train.json:2:2: error: bta is not a known key; did you mean beta?',
    expect.stringMatching(/^missing\.jsonl: error: .*missing\.jsonl/),
  ]);
  expect(err).toBe('3 files, 5 rows: 5 errors, 2 warnings, 0 to look at\n');
});

it('check finds the same in a large file, which threads check, as in the same file packed, which one thread reads', async () => {
  const folder = await temporaryFolder();
  const rows = Array.from({ length: 450 }, (_, i) =>
    JSON.stringify({
      prompt: `Q${i % 400}`,
      chosen: `${'yes '.repeat(5000)}${i % 7}.`,
      rejected: i % 50 === 0 ? '' : 'no.',
    }),
  );
  const text = rows.map((row, i) => (i % 90 === 89 ? row.slice(0, -1) : row)).join('\r\n');
  await writeFile(join(folder, 'a.jsonl'), text);
  await writeFile(join(folder, 'b.jsonl'), gzipSync(text, { level: 1 }));
  const [threads, one] = [
    await program.runHere(['check', 'a.jsonl'], folder),
    await program.runHere(['check', 'b.jsonl'], folder),
  ];
  expect(threads.out.split('\n').length).toBeGreaterThan(10);
  expect(one.out.replaceAll('b.jsonl', 'a.jsonl')).toBe(threads.out);
  expect([one.err, one.code]).toEqual([threads.err, threads.code]);
});

it('check --json prints the same as JSON', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'a.jsonl');
  await writeFile(file, '{"prompt": "Q", "chosen": " a.", "rejected": " a."}\n');
  const { code, json } = await program.runHere(['check', file, '--json']);
  expect(code).toBe(0);
  expect(json()).toEqual([
    {
      file,
      line: 1,
      column: null,
      severity: 'warning',
      code: 'identical-answers',
      field: 'rejected',
      message: expect.any(String),
    },
  ]);
});

it('check prints ten of a kind and counts the others; --json lists them all', async () => {
  const folder = await temporaryFolder();
  await writeFile(
    join(folder, 'a.jsonl'),
    Array.from({ length: 500 }, (_, i) => `{"prompt": "Q${i}", "chosen": " a.", "rejected": ""}`).join('\n'),
  );
  const { code, out } = await program.runHere(['check', 'a.jsonl'], folder);
  const lines = out.trimEnd().split('\n');
  expect([code, lines.length, lines.at(-1)]).toEqual([
    0,
    11,
    'a.jsonl: warning: rejected: 490 more like line 1; --json lists them all. [empty-answer]',
  ]);
  expect((await program.runHere(['check', 'a.jsonl', '--json'], folder)).json()).toHaveLength(500);
  expect((await program.runHere(['check', 'a.jsonl', '--strict'], folder)).code).toBe(1);
});

it('check says in one sentence that a file is empty or of another kind', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'empty.jsonl'), '\n\n');
  await writeFile(join(folder, 'page.jsonl'), '<!DOCTYPE html>\n<html>\n');
  const { code, out } = await program.runHere(['check', 'empty.jsonl', 'page.jsonl'], folder);
  expect([code, out.trimEnd().split('\n')]).toEqual([
    1,
    [expect.stringMatching(/^empty\.jsonl: error: .*empty/), expect.stringMatching(/^page\.jsonl: error: .*web page/)],
  ]);
});

it('check names line and column of a mistake in an array, and only the line if another row comes before it there', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'a.json'), '[\n  {"prompt": NaN},\n  {\n  "prompt" "Q"}, {"prompt": NaN}\n]\n');
  const { out } = await program.runHere(['check', 'a.json'], folder);
  expect(out.trimEnd().split('\n')).toEqual([
    'a.json:2:14: error: Not JSON at column 12: NaN is not JSON: write null. [not-json]',
    'a.json:4:12: error: Not JSON at line 2, column 12 of the row: expected ":" after a key. [not-json]',
    'a.json:4: error: Not JSON at column 12: NaN is not JSON: write null. [not-json]',
  ]);
});
