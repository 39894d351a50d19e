import { expect, it } from 'vitest';
import { formats, judgedFormats, listFormats } from '../../../src/pairs/formats/table';
import { Program } from './program';

const program = new Program();

it('formats lists every data format with its tool', async () => {
  const { code, out } = await program.run(['formats']);
  expect(code).toBe(0);
  for (const { label, tool } of [...judgedFormats, ...formats, ...listFormats])
    expect(out.split('\n').some((line) => line.includes(tool) && line.endsWith(label))).toBe(true);
});

it('formats --json gives the keys that each format reads', async () => {
  const { out } = await program.run(['formats', '--json']);
  const rows = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(rows).toContainEqual(
    expect.objectContaining({
      id: 'orca-question',
      kind: 'pair',
      keys: expect.arrayContaining(['question', 'chosen']),
    }),
  );
});
