import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Statistics } from '../../../src/pairs/statistics/statistics';
import { CommandLine } from './commandLine';
import type { Ended } from './program';

const program = new CommandLine();
const rows = Array.from({ length: 60 }, (_, i) => ({
  prompt: `Question ${i}`,
  chosen: `Sure, this is the longer answer ${i}`,
  rejected: `No ${i}`,
  score: i % 3,
}));
const stats = (...args: readonly string[]): Promise<Ended> => program.runHere(['stats', 'a.jsonl', ...args]);

beforeAll(() => writeFile(join(program.folder, 'a.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join('')));

describe('margin stats', () => {
  it('prints sentences, a table of each chart, and the bias', async () => {
    const { code, out, err } = await stats();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('60 rows: 60 with a better and a worse answer.');
    expect(out).toMatch(/First word of answers\n +chosen +rejected\n/);
    expect(out).toMatch(/ {2}sure +60 +█+ +0\n/);
    expect(out).toMatch(/Length alone predicts the label in 100 % .* of held-out pairs: the longer answer is chosen\./);
    expect(out).toContain('Tokens: Tokens depend on a model: name one with --model.');
  });

  it('prints the same numbers as JSON, of the rows that a filter finds', async () => {
    const [found] = (await stats('--json', '--filter', '.score>0')).json() as readonly unknown[] as readonly [
      Statistics,
    ];
    expect(found).toMatchObject({ file: 'a.jsonl', rows: 40, pairs: 40, longer: { compared: 40 }, bias: null });
    const column = found.charts.find(({ id }) => id === 'column score');
    expect(column?.bars.map(({ label, counts }) => [label, ...counts])).toEqual([
      ['1', 20],
      ['2', 20],
    ]);
  });

  it('counts tokens with a model, and names the rows of a bar', async () => {
    const model = join(process.cwd(), 'media/sample/model');
    const [found] = (await stats('--json', '--model', model)).json() as readonly unknown[] as readonly [Statistics];
    const tokens = found.charts.find(({ id }) => id === 'tokens');
    expect(tokens?.bars.reduce((sum, { counts }) => sum + (counts[0] ?? 0), 0)).toBe(60);
    expect(tokens?.bars.flatMap(({ queries }) => queries).find((query) => query !== null)).toMatch(/^row:\d+/);
  });

  it('refuses a filter that only the editor can answer, or that is wrong', async () => {
    expect((await stats('--filter', 'margin:<0')).err).toContain('only the editor knows margin');
    expect((await stats('--filter', 'lenght(chosen)>3')).err).toContain('did you mean length?');
  });
});
