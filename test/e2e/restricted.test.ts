import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contributes } from '../../package.json';
import { runConfig, runState } from '../unit/run/samples';
import { Workbench } from './driver';

const trustedOnly = contributes.commands.filter(({ enablement }) => enablement?.includes('isWorkspaceTrusted'));
/** Long enough for the quick input to list what was typed on a busy machine. */
const filterMs = 500;

describe('a folder that the user does not trust', () => {
  let workbench: Workbench;
  const runs = (): string => join(workbench.folder, '.margin/runs');
  const file = (): string => join(workbench.folder, 'prefs.jsonl');

  beforeAll(async () => {
    workbench = await Workbench.open({ restricted: true });
    await workbench.activity('Margin').click();
  });
  afterAll(() => workbench?.close());

  it('opens in Restricted Mode, and the list of runs says what waits for trust', async () => {
    await workbench.page
      .getByRole('button', { name: /Restricted Mode/ })
      .first()
      .waitFor();
    await workbench.page.locator('.welcome-view', { hasText: 'waits until you trust it' }).waitFor();
    await workbench.shoot('restricted');
  });

  it('has pairs to read, edit and save, also if the save follows the edit at once', async () => {
    const view = await workbench.openPairs('prefs.jsonl');
    const [before] = readFileSync(file(), 'utf8').split('\n');
    await view.locator('.pair-row').first().click();
    await workbench.press('s', 'Control+S');
    await expect.poll(() => readFileSync(file(), 'utf8').split('\n')[0]).not.toBe(before);
  });

  it('shows no tokens, which need a model, and says so', async () => {
    const view = await workbench.openPairs('prefs.jsonl');
    await view.locator('.pair-row').first().click();
    await workbench.press('t');
    await view.locator('.tokens', { hasText: 'they wait until you trust the workspace' }).waitFor();
    await workbench.press('t');
    await view.locator('.pair:has(+ .tokens)').waitFor();
  });

  it('offers no command that loads a model or steers a process', async () => {
    await workbench.press('F1');
    const entries = workbench.page.locator('.quick-input-list .monaco-list-row');
    await workbench.quickInput.fill('>Margin: Show Output');
    await entries.and(workbench.page.locator('[aria-label^="Margin: Show Output"]')).waitFor();
    expect(trustedOnly.length).toBeGreaterThan(5);
    for (const title of trustedOnly.map((command) => `Margin: ${command.title}`)) {
      await workbench.quickInput.fill(`>${title}`);
      await workbench.page.waitForTimeout(filterMs);
      expect(await entries.and(workbench.page.locator(`[aria-label^="${title}"]`)).count(), title).toBe(0);
    }
    await workbench.press('Escape');
  });

  it('starts no training from a link either, and says why', async () => {
    await workbench.command('Margin: Get Started');
    await workbench.page.getByRole('button', { name: 'Train on them' }).first().click();
    await workbench.page.locator('.getting-started-step.expanded').getByRole('button', { name: 'Train…' }).click();
    await workbench.notification('need a trusted workspace');
    await workbench.shoot('restricted-train');
    await workbench.clearNotifications();
    expect(existsSync(runs())).toBe(false);
  });

  it('shows the runs that came with it, and resumes none of them', async () => {
    const run = join(runs(), 'brought');
    mkdirSync(run, { recursive: true });
    writeFileSync(join(run, 'state.json'), JSON.stringify(runState({ status: 'stopped' })));
    writeFileSync(join(run, 'config.json'), JSON.stringify(runConfig({ name: 'brought' })));
    await workbench.page.getByRole('treeitem', { name: /brought.*stopped/ }).click();
    const view = await workbench.view('.header');
    await view.getByRole('status').getByText('stopped').waitFor();
    await view.getByRole('button', { name: 'Resume' }).click();
    await workbench.notification('need a trusted workspace');
    await workbench.shoot('restricted-run');
    expect(readdirSync(run).sort()).toEqual(['config.json', 'state.json']);
  });

  it('scores no pair with the model of such a run, and says so', async () => {
    mkdirSync(join(runs(), 'brought', 'checkpoints', 'step-000012'), { recursive: true });
    const editor = await workbench.openPairs('prefs.jsonl');
    await editor.locator('.pair-row').first().click();
    await workbench.command('Margin: Show Token Rewards…');
    await workbench.pick('brought');
    const view = await workbench.view('.empty', 90_000, 'Token Rewards');
    await view.getByText('they wait until you trust the workspace').waitFor();
    await view.getByRole('button', { name: 'Manage Workspace Trust' }).waitFor();
  });

  it('never ends the extension host', async () => {
    await workbench.command('Notifications: Show Notifications');
    await workbench.page.locator('.notifications-center').waitFor();
    expect(await workbench.page.getByText(/extension host.*terminated/i).count()).toBe(0);
    await workbench.openPairs('prefs.jsonl');
  });
});
