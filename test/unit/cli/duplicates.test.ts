import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { plantedRows } from '../../bench/plantDuplicates';
import { CommandLine } from './commandLine';
import type { Ended } from './program';

const program = new CommandLine();
const row = (prompt: string, chosen = 'Yes.', rejected = 'No.') =>
  `{"prompt": "${prompt}",  "chosen": "${chosen}", "rejected": "${rejected}"}`;

async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = join(program.folder, `f${Math.random().toString(36).slice(2)}`);
  await mkdir(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

it('duplicates prints the groups within and between files, and counts what it left out', async () => {
  const train = [row('Is it?'), row('Was it?'), '', 'no row', row('is it')].join('\n');
  const folder = await folderWith({
    'train.jsonl': train,
    'eval.jsonl': `${row('Was it?')}\n${row('Was it?', 'No.', 'Yes.')}\n`,
  });
  const { code, out, err } = await program.run(['duplicates', 'train.jsonl', 'eval.jsonl'], folder);
  expect(code).toBe(0);
  expect(out).toBe(
    [
      'normalised: 2 rows',
      '  train.jsonl:1',
      '  train.jsonl:5: the same words as train.jsonl:1',
      'exact: 2 rows',
      '  train.jsonl:2',
      '  eval.jsonl:1: the same as train.jsonl:2',
      'contradiction: the same answers, each chosen once',
      '  train.jsonl:2: chosen',
      '  eval.jsonl:1: chosen',
      '  eval.jsonl:2: rejected',
      '',
    ].join('\n'),
  );
  expect(err).toContain('train.jsonl: 1 row without what is compared is left out');
  expect(err).toContain('5 rows compared: 2 duplicates in 2 groups, 1 disputed answer');
  const across = await program.runHere(
    ['duplicates', 'train.jsonl', 'eval.jsonl', '--across', '--strict', '--json'],
    folder,
  );
  expect(across.code).toBe(1);
  expect(results(across.json())).toMatchObject([
    {
      kind: 'exact',
      similarity: 1,
      rows: [
        { file: 'train.jsonl', row: 1, line: 2 },
        { file: 'eval.jsonl', row: 0, like: { line: 2 } },
      ],
    },
    { groups: 1, duplicates: 1, files: [{ rows: 4, compared: 3, leftOut: 1 }, { rows: 2 }] },
  ]);
});

it('--keep first writes the other rows of the last file with their bytes, and counts them', async () => {
  const held = `${row('Was it?')}\n`;
  const train = `${row('Was it?')}\r\n${row('Is it?')}\r\n\r\n${row('is  it')}\r\n${row('Will it?')}`;
  const folder = await folderWith({ 'eval.jsonl': held, 'train.jsonl': train, 'packed.jsonl.gz': gzipSync(train) });
  const keep = (file: string) =>
    program.runHere(['duplicates', 'eval.jsonl', file, '--keep', 'first', '--out', 'new.jsonl'], folder);
  const { code, err } = await keep('train.jsonl');
  expect(code).toBe(0);
  expect(err).toContain('new.jsonl: 2 rows written, 2 duplicates left out');
  expect(await readFile(join(folder, 'new.jsonl'), 'utf8')).toBe(`${row('Is it?')}\r\n\r\n${row('Will it?')}`);
  await keep('packed.jsonl.gz');
  expect(await readFile(join(folder, 'new.jsonl'), 'utf8')).toBe(`${row('Is it?')}\n\n${row('Will it?')}\n`);
  const own = await program.runHere(['duplicates', 'train.jsonl', '--keep', 'first', '--out', 'train.jsonl'], folder);
  expect(own.code).toBe(1);
  expect(own.err).toContain('is a file to read');
});

it('threads find the same groups in a large file as one thread', async () => {
  const rows = [...plantedRows(1100, 5)].map((made) => ({ ...made.row, note: 'x'.repeat(4000) }));
  const lines = rows.map((one) => `${JSON.stringify(one)}\n`).join('');
  const folder = await folderWith({ 'large.jsonl': lines, 'array.json': JSON.stringify(rows) });
  const groups = async (file: string) => {
    const { json } = await program.runHere(['duplicates', file, '--json'], folder);
    return results(json()).map(({ kind, rows: found }) => [
      kind,
      Array.isArray(found) ? found.map((one: { row: number }) => one.row) : found,
    ]);
  };
  const inThreads = await groups('large.jsonl');
  expect(inThreads.length).toBeGreaterThan(50);
  expect(inThreads.slice(0, -1)).toEqual((await groups('array.json')).slice(0, -1));
});

/** A command prints lines of progress only if it takes long. */
function results(lines: ReturnType<Ended['json']>): ReturnType<Ended['json']> {
  return lines.filter((line) => !('progress' in line));
}
