import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { visible, visibleLine } from '../../../src/cli/visible';
import { Program } from '../cli/program';
import { sampleWith } from '../cli/templates';
import { createRunFolder, writeState } from '../../../src/run/folder';
import { runConfig, runState } from '../run/samples';
import { temporaryFolder } from '../run/temporaryFolder';

const program = new Program();
/** Clears the screen, sets the title, moves up; the one-byte form of the same; a line that reads backwards. */
const evil = '\u001b[2J\u001b]0;owned\u0007\u009b2A\u007f\u202egnp.exe';
/** Every character that acts on a terminal, except newline and tab. */
const acting = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

it('control characters are written as escapes; text, newlines and tabs stay', () => {
  expect(visible('a\tb\nПривет 👋🏽 \u001b[31m')).toBe('a\tb\nПривет 👋🏽 \\u001b[31m');
  expect(visibleLine('a\r\nb\tc')).toBe('a\\r\\nb\\tc');
  const all = Array.from({ length: 0x2100 }, (_, code) => String.fromCharCode(code)).join('');
  expect(visible(all)).not.toMatch(acting);
  // JSON's own escapes, so the same value.
  expect(JSON.parse(visible(JSON.stringify(all)))).toBe(all);
});

describe('content of files never controls the terminal', () => {
  const model = resolve('media', 'sample', 'model');

  it('keys, roles and texts of rows', async () => {
    const folder = await temporaryFolder();
    const turns = [{ role: evil, content: `Hi ${evil}` }];
    const answer = (content: string): object[] => [{ role: 'assistant', content }];
    const rows = [
      { prompt: turns, chosen: answer(evil), rejected: answer('b') },
      { [evil]: 1, prompt: 'Q', chosen: ' a', rejected: ' b', weight: evil },
      { [`${evil}\nb.jsonl:1: error: no`]: 1 },
    ];
    await writeFile(join(folder, 'a.jsonl'), [...rows.map((row) => JSON.stringify(row)), `{${evil}`].join('\n'));
    for (const argv of [
      ['check', 'a.jsonl', '--model', model],
      ['tokens', 'a.jsonl', '--model', model],
      ['score', 'a.jsonl', '--model', model],
      ['check', 'a.jsonl', '--json'],
    ]) {
      const { out, err } = await program.run(argv, folder);
      expect(out + err, argv.join(' ')).not.toMatch(acting);
      expect(out, argv.join(' ')).not.toMatch(/^b\.jsonl/m);
    }
  });

  it('what a template throws', async () => {
    const folder = await temporaryFolder();
    const turns = (role: string, content: string): object[] => [{ role, content }];
    await writeFile(
      join(folder, 'a.jsonl'),
      JSON.stringify({
        prompt: turns('user', 'a'),
        chosen: turns('assistant', 'b'),
        rejected: turns('assistant', 'c'),
      }),
    );
    const { code, out, err } = await program.run(
      ['check', 'a.jsonl', '--model', await sampleWith(`{{ raise_exception('${evil}') }}`)],
      folder,
    );
    expect([code, out + err]).toEqual([1, expect.stringContaining('\\u001b[2J')]);
    expect(out + err).not.toMatch(acting);
  });

  it('names of runs, keys of configs and arguments', async () => {
    const folder = await temporaryFolder();
    writeState(
      await createRunFolder(folder, runConfig({ name: `${evil}\nsecond line` })),
      runState({ status: 'done' }),
    );
    await writeFile(join(folder, 'a.train.json'), JSON.stringify({ [evil]: 1 }));
    for (const argv of [
      ['runs', '.'],
      ['check', 'a.train.json'],
      ['train', 'a.train.json'],
      [evil],
      ['score', `${evil}.jsonl`, '--model', model],
    ]) {
      const { out, err } = await program.run(argv, folder);
      expect(out + err, argv.join(' ')).not.toMatch(acting);
      expect(out, argv.join(' ')).not.toMatch(/^second line/m);
    }
  });
});
