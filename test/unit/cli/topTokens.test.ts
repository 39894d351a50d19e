import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../run/temporaryFolder';
import { CommandLine } from './commandLine';
import { golden, model } from './program';

const program = new CommandLine();

describe.skipIf(!existsSync(golden))('score --top_tokens (skipped if ../shared is missing)', () => {
  it('prints the most rewarded and most punished tokens, without the rare ones', async () => {
    const few = join(await temporaryFolder(), 'few.jsonl');
    const lines = (await readFile(join(golden, 'pairs.jsonl'), 'utf8')).split('\n');
    await writeFile(few, lines.slice(0, 12).join('\n'));
    const score = ['score', few, '--model', model, '--adapter', join(golden, 'sigmoid-final'), '--top_tokens', '3'];
    const { code, out } = await program.runHere([...score, '--min_count', '4']);
    expect(code).toBe(0);
    const [, rewarded = '', punished = ''] = out.split(/Most (?:rewarded|punished) tokens:\n/);
    const rows = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('"'));
    expect([rows(rewarded).length, rows(punished).length]).toEqual([3, 3]);
    const counts = [...rows(rewarded), ...rows(punished)].map((line) => Number(/^".*?" +(\d+) /.exec(line)?.[1]));
    expect(counts.every((count) => count >= 4)).toBe(true);
    expect(punished).toMatch(/\d+ tokens that occur less than 4 times are left out\./);
  });

  it.each([
    [['--top_tokens', '3', '--json'], /leave out --json/],
    [['--min_count', '3'], /--min_count belongs to --top_tokens/],
    [['--top_tokens', '0'], /--top_tokens must be a whole number at least 1/],
  ])('refuses %j', async (options, says) => {
    const { code, err } = await program.runHere(['score', 'a.jsonl', '--model', model, ...options]);
    expect([code, err]).toEqual([2, expect.stringMatching(says)]);
  });
});
