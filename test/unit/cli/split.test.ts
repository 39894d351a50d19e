import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { plantedRows } from '../../bench/plantDuplicates';
import { CommandLine } from './commandLine';
import type { Ended } from './program';

const program = new CommandLine();

/** Planted near duplicates, with a column of sources, a row that holds no pair, and a blank line. */
const lines = [...plantedRows(400, 4)].map(
  ({ row }, i) => `{"meta":{"source":"${i % 4 === 0 ? 'web' : 'book'}"},  ${JSON.stringify(row).slice(1)}`,
);
const text = `${[...lines.slice(0, 200), 'no row', '', ...lines.slice(200)].join('\r\n')}\r\n`;

async function folderWith(content = text): Promise<string> {
  const folder = join(program.folder, `f${Math.random().toString(36).slice(2)}`);
  await mkdir(folder);
  await writeFile(join(folder, 'prefs.jsonl'), content);
  return folder;
}

const read = (folder: string, name: string): Promise<string> => readFile(join(folder, name), 'utf8');

it('split writes both sides with the bytes of their rows, and no near duplicates on both', async () => {
  const folder = await folderWith();
  const { code, json, err } = await program.run(
    ['split', 'prefs.jsonl', '--eval', '0.1', '--stratify', 'meta.source', '--json'],
    folder,
  );
  expect([code, err]).toEqual([0, expect.anything()]);
  const [told] = results(json());
  expect(told).toMatchObject({ unread: 1, blank: 1, train: { rows: 361 }, eval: { rows: 40 } });
  expect(told?.['strata']).toEqual([
    { value: '"web"', train: 90, eval: 10 },
    { value: '"book"', train: 270, eval: 30 },
  ]);
  const [train, held] = [await read(folder, 'prefs.train.jsonl'), await read(folder, 'prefs.eval.jsonl')];
  const rows = (side: string): string[] => side.split(/(?<=\r\n)/);
  expect([...rows(train), ...rows(held)].sort()).toEqual(
    rows(text)
      .filter((row) => row !== '\r\n')
      .sort(),
  );
  const across = await program.runHere(
    ['duplicates', 'prefs.train.jsonl', 'prefs.eval.jsonl', '--across', '--strict'],
    folder,
  );
  expect(across.code).toBe(0);
  const prompts = await program.runHere(
    ['duplicates', 'prefs.train.jsonl', 'prefs.eval.jsonl', '--of', 'prompt', '--across', '--strict'],
    folder,
  );
  expect(prompts.code).toBe(0);
});

it('the same seed makes the same split, in whatever order the rows are; another seed another one', async () => {
  const [one, other] = [await folderWith(), await folderWith([...lines].reverse().join('\n'))];
  const held = async (folder: string, seed: string): Promise<string[]> => {
    await program.runHere(['split', 'prefs.jsonl', '--eval', '30', '--seed', seed], folder);
    return (await read(folder, 'prefs.eval.jsonl'))
      .split(/\r?\n/)
      .filter((line) => line !== '')
      .sort();
  };
  const first = await held(one, '1');
  expect(first).toHaveLength(30);
  expect(await held(other, '1')).toEqual(first);
  expect(await held(one, '2')).not.toEqual(first);
});

it('a proof holds until a file changes, a row moves to the other side, or the proof is edited', async () => {
  const folder = await folderWith();
  await program.runHere(['split', 'prefs.jsonl', '--eval', '0.2'], folder);
  const verify = () => program.runHere(['split', '--verify', 'prefs.split.json'], folder);
  const holds = await verify();
  expect([holds.code, holds.err]).toEqual([0, expect.anything()]);
  expect(holds.out).toMatch(
    /prefs\.split\.json holds: \d+ groups in prefs\.train\.jsonl and \d+ in prefs\.eval\.jsonl, none in both/,
  );
  const [train, held, proof] = [
    await read(folder, 'prefs.train.jsonl'),
    await read(folder, 'prefs.eval.jsonl'),
    await read(folder, 'prefs.split.json'),
  ];
  await writeFile(join(folder, 'prefs.train.jsonl'), train + held.slice(0, held.indexOf('\n') + 1));
  const changed = await verify();
  expect(changed.code).toBe(1);
  expect(changed.err).toContain('prefs.train.jsonl has changed since it was split');
  // A person might also write the new fingerprint into the proof.
  const sha = createHash('sha256')
    .update(await readFile(join(folder, 'prefs.train.jsonl')))
    .digest('hex');
  await writeFile(
    join(folder, 'prefs.split.json'),
    proof.replace(/("train": \{[^}]*"sha256": ")[0-9a-f]+/, `$1${sha}`),
  );
  expect((await verify()).err).toMatch(/prefs\.eval\.jsonl:1 and .*prefs\.train\.jsonl:\d+ are in one group/);
  await writeFile(join(folder, 'prefs.train.jsonl'), train);
  await writeFile(join(folder, 'prefs.split.json'), proof.replace(/"groups": \[\s*"[0-9a-f]{16}",/, '"groups": ['));
  expect((await verify()).err).toMatch(/has \d+ groups of rows, and not the \d+ of/);
});

it('a split that leaves a side empty is refused, and nothing is written', async () => {
  const folder = await folderWith(
    '{"prompt":"Q","chosen":"a","rejected":"b"}\n{"prompt":"q?","chosen":"c","rejected":"d"}\n',
  );
  const { code, err } = await program.runHere(['split', 'prefs.jsonl', '--eval', '1'], folder);
  expect(code).toBe(1);
  expect(err).toContain('of 2 rows none would be held out with --eval 1');
  await expect(read(folder, 'prefs.eval.jsonl')).rejects.toThrow('ENOENT');
});

/** A command prints lines of progress only if it takes long. */
function results(lines: ReturnType<Ended['json']>): ReturnType<Ended['json']> {
  return lines.filter((line) => !('progress' in line));
}
