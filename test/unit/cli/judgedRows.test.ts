import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../run/temporaryFolder';
import { CommandLine } from './commandLine';

const program = new CommandLine();
const model = resolve('media', 'sample', 'model');
const rows = [
  { prompt: 'Which is bigger?', completion: ' A horse.', label: true },
  { prompt: 'Which is bigger?', chosen: ' A horse.', rejected: ' A bee.' },
  { prompt: 'How many legs?', completion: ' Nine.', label: false },
];

async function folderWith(some: readonly object[]): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'a.jsonl'), some.map((row) => JSON.stringify(row)).join('\n'));
  return folder;
}

describe('judged answers, with and without pairs', () => {
  it('have no problems, and are counted with --model', async () => {
    const { code, out, err } = await program.runHere(['check', 'a.jsonl', '--model', model], await folderWith(rows));
    expect([code, out]).toEqual([0, '']);
    expect(err).toMatch(/^a\.jsonl: 1 pair and 2 judged answers of /);
  });

  it('with only one label get an info, and the exit code is 0', async () => {
    const { code, out } = await program.runHere(
      ['check', 'a.jsonl'],
      await folderWith([rows[2] ?? {}, { ...rows[2], completion: ' No.' }]),
    );
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/^a\.jsonl: info: label: All 2 judged answers have the label false/),
    ]);
  });

  it('are printed by tokens with their label', async () => {
    const folder = await folderWith(rows);
    const { code, out } = await program.runHere(['tokens', 'a.jsonl', '--line', '3', '--model', model], folder);
    expect(code).toBe(0);
    expect(out).toMatch(/^prompt: \d+ tokens\n.*\ncompletion: \d+ tokens\n.*\nlabel: false\n$/);
    const [view] = (
      await program.runHere(['tokens', 'a.jsonl', '--line', '1', '--model', model, '--json'], folder)
    ).json();
    expect(view).toMatchObject({ line: 1, label: true, completion: { lost: [], losesEos: false }, leftOut: false });
  });

  it('are scored with completion and label; pairs stay as they are', async () => {
    const folder = await folderWith(rows);
    const { code, json } = await program.runHere(['score', 'a.jsonl', '--model', model, '--json'], folder);
    const [first, pair, last] = json();
    expect(code).toBe(0);
    expect(first).toMatchObject({ line: 1, label: true, completion: first?.['chosen'], rejected: { tokens: 0 } });
    expect(last).toMatchObject({ line: 3, label: false, completion: last?.['rejected'], chosen: { tokens: 0 } });
    expect(Object.keys(pair ?? {})).toEqual(['row', 'line', 'key', 'chosen', 'rejected', 'margin']);
    const { out } = await program.runHere(['score', 'a.jsonl', '--model', model], folder);
    expect(out).toMatch(
      /^1 pair · mean margin .*\n2 judged answers · 1 good, mean reward 0\.0000 · 1 bad, mean reward 0\.0000 · 0 with a reward against the label\n/,
    );
  });
});
