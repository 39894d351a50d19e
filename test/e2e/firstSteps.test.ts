import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runConfig, runState } from '../unit/run/samples';
import { Workbench } from './driver';
import { stepsDone } from './page';
import { themes } from './themes';

const patience = 60_000;
const hostile = '[Repair](command:workbench.action.quit) $(flame) \u202etxet';
const row =
  '{"prompt":"Why is the sky blue?","chosen":"Blue light scatters more.","rejected":"It reflects the sea."}\n';
const judged = '{"prompt":"Why is the sky blue?","completion":"Blue light scatters more.","label":true}\n';

/** Files of the workspace besides the sample. */
const others: Readonly<Record<string, string | Uint8Array>> = {
  'judged.jsonl': judged.repeat(20),
  'array.json': `[${row.trim()}]`,
  'answers.csv': 'prompt,chosen,rejected\na,b,c\n',
  'packed.jsonl.gz': gzipSync(row),
  'answers.jsonl.xz': Buffer.from('fd377a585a0000', 'hex'),
  'events.jsonl': '{"t":1,"level":"info"}\n',
  'empty.jsonl': '',
  '$(flame).jsonl': row,
  'package.json': '{"name":"x"}',
};

describe('the first steps', () => {
  let workbench: Workbench;
  const item = (name: RegExp) => workbench.page.getByRole('treeitem', { name });
  const notification = (text: string | RegExp): Promise<Locator> => workbench.notification(text, patience);

  beforeAll(async () => {
    workbench = await Workbench.open();
    for (const [name, content] of Object.entries(others)) writeFileSync(join(workbench.folder, name), content);
    await workbench.activity('Margin').click();
  });
  afterAll(() => workbench?.close());

  it('every file that may hold preference data is listed, with the reason if it cannot be read', async () => {
    await item(/prefs\.jsonl.*602 rows/).waitFor({ timeout: patience });
    await item(/judged\.jsonl.*20 rows.*label/).waitFor();
    for (const name of [
      /array\.json.*1 row/,
      /answers\.csv.*1 row/,
      /packed\.jsonl\.gz.*1 row/,
      /answers\.jsonl\.xz.*compressed with xz/,
      /events\.jsonl.*no pair/,
      /empty\.jsonl.*empty/,
    ]) {
      await item(name).waitFor();
    }
    expect(await item(/package\.json/).count()).toBe(0);
    expect(await workbench.page.locator('.codicon-flame').count()).toBe(0);
    await workbench.shoot('datasets');
    await item(/answers\.jsonl\.xz/).click();
    await workbench.page.waitForTimeout(1000);
    await notification(/answers\.jsonl\.xz is compressed with xz: unpack it first/);
    await workbench.shoot('datasets-explained');
    await workbench.clearNotifications();
  });

  it('Train… offers every method with its source, KTO first where rows are judged', async () => {
    for (const [name, first] of [
      ['prefs.jsonl', 'DPO'],
      ['judged.jsonl', 'KTO'],
    ] as const) {
      await workbench.command('Margin: Train…');
      await workbench.page.getByPlaceholder('Pairs or judged answers to train on').waitFor();
      await workbench.pick(name);
      await workbench.page.getByPlaceholder(/^Model to train/).waitFor();
      await workbench.pick('model');
      await workbench.page.getByPlaceholder('Method').waitFor();
      const rows = workbench.page.locator('.quick-input-list .monaco-list-row');
      await expect.poll(() => rows.first().getAttribute('aria-label')).toMatch(new RegExp(`^${first},.*arXiv`));
      await workbench.shoot(`methods-${first.toLowerCase()}`);
      await workbench.press('Escape');
    }
  });

  it('names and messages from files never become links or icons', async () => {
    const folder = join(workbench.folder, '.margin/runs/hostile');
    mkdirSync(folder, { recursive: true });
    const write = (name: string, value: unknown): void => writeFileSync(join(folder, name), JSON.stringify(value));
    write('state.json', runState({ status: 'starting', pid: 0 }));
    write('config.json', runConfig({ name: hostile }));
    await item(/Repair.*starting/).waitFor({ timeout: patience });
    await workbench.shoot('hostile-run');
    write('state.json', runState({ status: 'failed', error: { code: 'x', message: hostile } }));
    await item(/Repair.*failed/).waitFor({ timeout: patience });
    const shown = await notification('Repair');
    await workbench.shoot('hostile-notification');
    expect(await shown.locator('.notification-list-item-message a').count()).toBe(0);
    expect(await workbench.page.locator('.codicon-flame').count()).toBe(0);
    expect(await shown.textContent()).toContain('\\u{202e}txet');
    await workbench.clearNotifications();
  });

  it('Output → Margin logs what happened', async () => {
    await workbench.command('Margin: Show Output');
    const output = workbench.page.locator('.output-view .view-lines');
    await expect
      .poll(() => output.innerText(), { timeout: patience })
      .toMatch(/\[info\]\sMargin\s\d+\.\d+\.\d+\sis\sactive/);
    expect(await output.innerText()).toMatch(/Datasets:\s\d+\sof\s\d+\sfiles/);
    await workbench.shoot('output');
  });

  it('the walkthrough completes the steps done before it opened and those done after', async () => {
    await workbench.openPairs('prefs.jsonl');
    await workbench.command('Margin: Swap Chosen and Rejected');
    await workbench.page.locator('.tab.dirty[aria-label^="prefs.jsonl"]').waitFor({ timeout: patience });
    await workbench.command('Margin: Get Started');
    await expect.poll(() => stepsDone(workbench.page), { timeout: patience }).toEqual(['open', 'fix', 'train']);
    await workbench.command('Margin: Show Curves');
    await expect
      .poll(() => stepsDone(workbench.page), { timeout: patience })
      .toEqual(['open', 'fix', 'train', 'watch']);
    await workbench.shoot('walkthrough-steps');
  });

  it.each(themes)('the walkthrough in %s', async (theme) => {
    await workbench.theme(theme);
    await workbench.command('Margin: Get Started');
    await workbench.page.getByText('Get started with Margin').first().waitFor();
    // The picture is in its own webview.
    await workbench.view('svg text', patience);
    await workbench.shoot(`walkthrough-${theme.toLowerCase().replaceAll(' ', '-')}`);
  });
});
