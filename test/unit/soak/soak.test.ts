import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { fuzzLines } from '../../soak/fuzzLines';
import { areWhole, killSaves, killsInWords } from '../../soak/killSaves';
import { editAndSave, reload, startAndStop, unsteady } from '../../soak/steady';

// `npm run soak` does more of the same.
describe('a short soak', () => {
  it.skipIf(process.platform === 'win32').each([
    ['lines', 70],
    ['array', 30],
  ] as const)(
    'kills of a save of %s (%i) leave the old or the new file, and nothing beside it after the next opening',
    async (layout, rounds) => {
      const folder = await mkdtemp(join(tmpdir(), 'margin-kills-'));
      const plan = { folder, layout, bytes: 200_000, rounds, seed: Date.now() % 1_000_000 };
      const result = await killSaves(plan);
      await rm(folder, { recursive: true });
      expect(areWhole(result), `${killsInWords(plan, result)} ${result.torn.join(', ')}`).toBe(true);
      expect(result.old + result.new).toBe(plan.rounds);
    },
    120_000,
  );

  it('edits, saves, runs and reloads of a model leave no memory, open file, process or temporary file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'margin-steady-'));
    const done = [
      await editAndSave(folder, 1200, 12, Date.now() % 1_000_000),
      await startAndStop(folder, 2, join(inject('programs'), 'trainer.js')),
      await reload(join('media', 'sample', 'model'), 8),
    ];
    await rm(folder, { recursive: true });
    expect(done.flatMap(unsteady)).toEqual([]);
  });

  it('mutated lines are accepted exactly if JSON.parse accepts them, and end no process', () => {
    const seed = Date.now() % 1_000_000;
    const { failures, json, usable } = fuzzLines(8000, seed);
    expect(failures, `seed ${seed}`).toEqual([]);
    // The mutations leave enough to read.
    expect(json).toBeGreaterThan(2000);
    expect(usable).toBeGreaterThan(800);
  });
});
