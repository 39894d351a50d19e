import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workbench } from './driver';

describe('Split…', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    // Splitting runs no model and no code of the folder.
    workbench = await Workbench.open({ restricted: true });
  });
  afterAll(() => workbench?.close());

  it('asks for size, column and similarity, writes both sides with a proof, and opens the held-out rows', async () => {
    const { page, folder } = workbench;
    await workbench.activity('Margin').click();
    await workbench.command('Margin: Split…');
    await workbench.pick('prefs.jsonl');
    await workbench.pick('10 % of the rows');
    await workbench.shoot('split-1-column');
    await workbench.pick('No column');
    await workbench.pick('0.8');
    await workbench.notification(/rows to train on, \d+ to evaluate on, no near duplicates on both sides/);
    await workbench.shoot('split-2-result');
    await page.getByRole('button', { name: 'Show Evaluation Rows' }).click();
    await workbench.view('.pair-row');
    await workbench.tab('prefs.eval.jsonl').waitFor();
    const proof = JSON.parse(readFileSync(join(folder, 'prefs.split.json'), 'utf8')) as Record<string, unknown>;
    expect(proof).toMatchObject({ seed: 42, eval_size: 0.1, near: 0.8, train: { file: 'prefs.train.jsonl' } });
    const rows = (name: string): string[] => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
    expect([...rows('prefs.train.jsonl'), ...rows('prefs.eval.jsonl')].sort()).toEqual(rows('prefs.jsonl').sort());
  });
});
