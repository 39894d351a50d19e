import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../src/base/pure/must';
import { Workbench } from './driver';

const patience = 120_000;

describe('the scoring of a run that was stopped', () => {
  let workbench: Workbench;
  let run: Frame;
  const button = (name: string) => run.locator('.header').getByRole('button', { name });
  const facts = (text: RegExp) => run.locator('.facts', { hasText: text }).waitFor({ timeout: patience });
  /** The files of rewards, without what the training steps saw. */
  const rewards = (): string[] => {
    const runs = join(workbench.folder, '.margin/runs');
    return readdirSync(join(runs, at(readdirSync(runs), 0), 'rewards')).filter((name) => name !== 'visits.jsonl');
  };

  beforeAll(async () => {
    workbench = await Workbench.open();
    // Enough pairs to see the scoring and to cancel it.
    const file = join(workbench.folder, 'prefs.jsonl');
    writeFileSync(file, readFileSync(file, 'utf8').repeat(6));
    const child = spawn(
      process.execPath,
      [join(process.cwd(), 'dist/cli.js'), 'train', 'sample.train.json', '--max_steps', '500'],
      { cwd: workbench.folder, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    // Once: a second SIGINT would end the run without a checkpoint.
    let stops = false;
    child.stderr.on('data', (text: Buffer) => {
      if (!stops && /step [1-9]/.test(text.toString())) stops = child.kill('SIGINT');
    });
    await new Promise((done) => child.once('close', done));
  });
  afterAll(() => workbench?.close());

  it('is offered in the panel and in the tab that will show the rewards', async () => {
    await workbench.activity('Margin').click();
    await workbench.page.getByRole('treeitem', { name: /sample.*stopped/ }).click();
    run = await workbench.view('.tabs', patience);
    await button('Score the pairs').waitFor();
    await facts(/pairs not scored/);
    expect(rewards()).toEqual([]);
    await run.getByRole('tab', { name: 'Pairs' }).click();
    await run.locator('.empty', { hasText: 'No rewards yet' }).waitFor();
    await workbench.shoot('scoring-offer');
  });

  it('shows its progress, and keeps the scored pairs when it is cancelled', async () => {
    await button('Score the pairs').click();
    await facts(/scoring pairs: [1-9]\d* %/);
    await workbench.shoot('scoring-progress');
    await button('Cancel scoring').click();
    await facts(/^[1-9]\d* % scored/);
    expect(rewards()).toEqual([expect.stringMatching(/\.partial$/)]);
    await workbench.theme('Light Modern');
    await workbench.shoot('scoring-rest-light');
  });

  it('continues to the end, and the table says that the run started as its reference', async () => {
    await button('Score the rest').click();
    await run
      .locator('.pairs-row')
      .first()
      .waitFor({ timeout: 2 * patience });
    await run.locator('.summary', { hasText: 'before training: reference' }).waitFor();
    expect(await run.getByRole('button', { name: 'Sort by was' }).count()).toBe(0);
    await expect
      .poll(() => button('Score the rest').or(button('Cancel scoring')).count(), { timeout: patience })
      .toBe(0);
    await workbench.shoot('scoring-done-light');
    await workbench.theme('Dark Modern');
    await workbench.page.setViewportSize({ width: 640, height: 900 });
    await workbench.shoot('scoring-done-narrow');
  });
});
