import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { at } from '../../src/base/pure/must';
import type { RunState } from '../../src/run/types';
import { Workbench } from './driver';

const patience = 120_000;

describe('the question between Train… and the start of a run', () => {
  let workbench: Workbench;
  const runs = (): readonly string[] => {
    const folder = join(workbench.folder, '.margin/runs');
    return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  };
  const question = (text: RegExp): Locator => workbench.page.locator('.monaco-dialog-box', { hasText: text });

  /** Opens a copy of the sample's config with changed values, and runs Train… on it. */
  async function trainWith(name: string, change: object): Promise<void> {
    const sample = JSON.parse(readFileSync(join(workbench.folder, 'sample.train.json'), 'utf8')) as object;
    writeFileSync(join(workbench.folder, name), JSON.stringify({ ...sample, ...change }));
    await workbench.openFile(name);
    await workbench.command('Margin: Train…');
  }

  beforeAll(async () => {
    workbench = await Workbench.open();
  });
  beforeEach(() => workbench.command('View: Close All Editors'));
  afterAll(() => workbench?.close());

  it('Edit Config shows the config and starts nothing', async () => {
    await trainWith('fits.train.json', {});
    const asked = question(/Train fits\.train\.json\? It takes about/);
    await asked.waitFor({ timeout: patience });
    await asked.getByRole('button', { name: 'Edit Config' }).click();
    await asked.waitFor({ state: 'hidden' });
    await workbench.page.locator('.editor-instance', { hasText: 'loss_type' }).waitFor();
    expect(runs()).toEqual([]);
  });

  it('the question comes without an estimate that the user cancelled, and its Cancel starts nothing', async () => {
    const file = join(workbench.folder, 'many.jsonl');
    writeFileSync(file, readFileSync(join(workbench.folder, 'prefs.jsonl'), 'utf8').repeat(100));
    await trainWith('many.train.json', { train_file: 'many.jsonl' });
    await workbench.command('Notifications: Show Notifications');
    const notice = workbench.page.locator('.notifications-center .notification-list-item', {
      hasText: 'Estimating time and memory of many.train.json',
    });
    await notice.getByRole('button', { name: 'Cancel' }).click();
    const asked = question(/Train many\.train\.json\?/);
    await asked.waitFor({ timeout: patience });
    expect(await asked.textContent()).not.toContain('It takes');
    await workbench.shoot('estimate-cancelled');
    await asked.getByRole('button', { name: 'Cancel' }).click();
    await asked.waitFor({ state: 'hidden' });
    expect(runs()).toEqual([]);
  });

  it('a run that does not fit says why and what to set; Start Anyway starts it', async () => {
    // More than ten terabytes of checkpoints.
    await trainWith('large.train.json', { lora_r: 256, save_steps: 1, max_steps: 500_000 });
    const asked = question(/large\.train\.json does not fit on this machine/);
    await asked.waitFor({ timeout: patience });
    expect(await asked.textContent()).toMatch(/It does not fit on the disk: .*Set save_total_limit to/s);
    await workbench.shoot('estimate-too-large');
    expect(runs()).toEqual([]);
    await asked.getByRole('button', { name: 'Start Anyway' }).click();
    await expect
      .poll(() => runs().filter((run) => existsSync(join(run, 'state.json'))).length, { timeout: patience })
      .toBe(1);
    const state = (): RunState => JSON.parse(readFileSync(join(at(runs(), 0), 'state.json'), 'utf8')) as RunState;
    await expect.poll(() => state().status, { timeout: patience }).toBe('running');
    process.kill(state().pid, 'SIGKILL');
  });
});
