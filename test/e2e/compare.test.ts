import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { must } from '../../src/base/pure/must';
import { accessibilityProblems } from './accessible';
import { Workbench } from './driver';
import { themes } from './themes';

describe('a file compared with the last commit', () => {
  let workbench: Workbench;
  let view: Frame;
  let committed: readonly string[];
  const path = (): string => join(workbench.folder, 'prefs.jsonl');
  const git = (...argv: readonly string[]): void => {
    const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.org'];
    execFileSync('git', [...who, ...argv], { cwd: workbench.folder });
  };
  const banner = (text: string | RegExp): Promise<void> => view.locator('.compare-banner', { hasText: text }).waitFor();

  const list = (): Locator => view.getByRole('grid', { name: 'Pairs of the file' });
  /** Makes the pair editor the active one. A click into its view does so only after a moment. */
  const activate = async (): Promise<void> => {
    await view.locator('.pair-row').first().click();
    const active = '.editor-group-container.active .tab.active[data-resource-name="prefs.jsonl"]';
    await workbench.page.locator(active).waitFor();
  };

  beforeAll(async () => {
    workbench = await Workbench.open();
    git('init', '-q');
    git('add', 'prefs.jsonl');
    git('commit', '-qm', 'pairs');
    committed = readFileSync(path(), 'utf8').trimEnd().split('\n');
    const [first, second, third, ...rest] = committed;
    const edited = must(second, 'the second row').replace(/"chosen":.*?"content":"/, '$&Well, ');
    expect(edited).not.toBe(second);
    // The first row is gone, the second edited, the third moved to the end, and one is new.
    const added = '{"prompt": "What is new?", "chosen": "This row.", "rejected": "Nothing."}';
    writeFileSync(path(), `${[edited, ...rest, must(third, 'the third row'), added].join('\n')}\n`);
    expect(first).toBeDefined();
    await workbench.activity('Margin').click();
    view = await workbench.openPairs('prefs.jsonl');
  });
  afterAll(() => workbench?.close());

  it('shows which rows were edited, added, moved and lost, each before and now', async () => {
    await workbench.command('Margin: Compare with HEAD');
    await banner(/Compared with HEAD \(.*1 added.*1 edited.*1 moved.*1 lost/);
    await expect.poll(() => view.locator('.counts').innerText()).toMatch(/^3 of 602 rows/);
    await view.locator('.change ins', { hasText: 'Well' }).waitFor();
    await view.getByText('was line 2').waitFor();
    expect(await view.locator('.pair-row .change-glyph').count()).toBe(3);
  });

  it('looks right in each theme and in a narrow window', async () => {
    for (const theme of themes) {
      await workbench.theme(theme);
      const name = theme.toLowerCase().replaceAll(' ', '-');
      await workbench.shoot(`compare-${name}`);
      expect(await accessibilityProblems(view)).toEqual([]);
      await workbench.page.setViewportSize({ width: 600, height: 900 });
      await workbench.shoot(`compare-${name}-600`);
      await workbench.page.setViewportSize({ width: 1440, height: 900 });
    }
  });

  it('restores an edited row and a lost row, each as one undo step', async () => {
    await view.locator('.change').getByRole('button', { name: 'Restore' }).click();
    await banner(/^(?!.*edited).*1 lost/);
    await view.locator('.compare-banner').getByRole('button', { name: /lost/ }).click();
    await view.locator('.lost .text').filter({ visible: true }).first().waitFor();
    await workbench.shoot('compare-lost');
    await view.locator('.lost').getByRole('button', { name: 'Restore' }).click();
    await banner(/^(?!.*lost).*1 added.*1 moved/);
    await list().focus();
    await workbench.press('Control+Z');
    await banner(/1 lost/);
    await workbench.press('Control+Shift+Z');
    await banner(/^(?!.*lost)/);
    await workbench.press('Control+S');
    await expect.poll(() => readFileSync(path(), 'utf8').split('\n').slice(0, 2)).toEqual(committed.slice(0, 2));
  });

  it('says why a file cannot be compared', async () => {
    view = await workbench.openPairs('heldout.jsonl');
    await list().press('/');
    await workbench.page.keyboard.type('changed:yes');
    await workbench.notification('heldout.jsonl is not in the last commit');
    await workbench.clearNotifications();
    view = await workbench.openPairs('prefs.jsonl');
  });

  it('compares again after a commit, and takes its filter away when the comparison ends', async () => {
    git('commit', '-qam', 'mended pairs');
    const head = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: workbench.folder, encoding: 'utf8' });
    await banner(`HEAD (${head.trim()}):no row differs`);
    await view.getByRole('main').getByRole('button', { name: 'Show all rows' }).waitFor();
    await view.getByRole('button', { name: 'End the comparison' }).click();
    await expect.poll(() => view.locator('.counts').innerText()).toMatch(/^603 rows/);
    expect(await view.getByRole('combobox', { name: 'Filter' }).inputValue()).toBe('');
  });

  it('compares again when the other file is written', async () => {
    const other = join(workbench.folder, 'earlier.jsonl');
    const rows = readFileSync(path(), 'utf8').trimEnd().split('\n');
    writeFileSync(other, `${rows.slice(1).join('\n')}\n`);
    await workbench.command('Margin: Compare with…');
    await workbench.takePath(other, /workspace/);
    await banner(/earlier\.jsonl:1 added/);
    writeFileSync(other, `${rows.slice(2).join('\n')}\n`);
    await banner(/earlier\.jsonl:2 added/);
    await expect.poll(() => view.locator('.counts').innerText()).toMatch(/^2 of 603 rows/);
    await view.getByRole('button', { name: 'End the comparison' }).click();
    await expect.poll(() => view.locator('.counts').innerText()).toMatch(/^603 rows/);
  });

  it('opens a row in a text editor, whose save edits the row, and the answers in a diff editor', async () => {
    const { page } = workbench;
    await list().press('Home');
    await view.locator('.where', { hasText: /^Line 1\b/ }).waitFor({ state: 'attached' });
    await workbench.command('Margin: Open Row in Text Editor');
    const text = page.locator('.editor-instance', { hasText: '"rejected"' }).first();
    await text.locator('.view-line').first().click();
    await workbench.press('Control+End', 'Control+Home', 'End');
    await page.keyboard.type('"note": 12345678901234567890,');
    await page.keyboard.type('"weight": -1,');
    await page.locator('.editor-instance .squiggly-warning').first().waitFor();
    await workbench.shoot('row-schema');
    for (let i = 0; i < '"weight": -1,'.length; i++) await workbench.press('Backspace');
    await workbench.shoot('row-in-text-editor');
    await workbench.press('Control+S');
    await view.locator('.pair-row .codicon-edit').waitFor();
    await page.keyboard.type('oops');
    await workbench.press('Control+S');
    await workbench.notification(/The row is not JSON: line 1/);
    await workbench.clearNotifications();
    await workbench.command('File: Revert File');
    await activate();
    await workbench.press('Control+S');
    await expect.poll(() => readFileSync(path(), 'utf8').split('\n')[0]).toContain('"note":12345678901234567890');
    await workbench.press('Control+Z');
    await workbench.command('Margin: Diff Chosen and Rejected');
    await workbench.tab('prefs.jsonl, row 1, chosen').waitFor();
    await workbench.shoot('row-sides-in-diff-editor');
  });

  it('is told of unsaved edits in another window, whose save is merged if it touches other rows', async () => {
    const other = await Workbench.visit(workbench.server.url(workbench.folder));
    try {
      await other.activity('Margin').click();
      const theirs = await other.openPairs('prefs.jsonl');
      view = await workbench.openPairs('prefs.jsonl');
      await theirs.locator('.pair-row').nth(4).click();
      await theirs.locator('.pair-row').nth(4).press('d');
      await view.getByText('Another window has unsaved edits of this file').waitFor();
      await list().press('Home');
      await view.locator('.where', { hasText: /^Line 1\b/ }).waitFor({ state: 'attached' });
      await workbench.press('s');
      await theirs.getByText('Another window has unsaved edits of this file').waitFor();
      await workbench.shoot('compare-two-windows');
      const rows = readFileSync(path(), 'utf8').split('\n');
      await other.press('Control+S');
      await workbench.notification('merged 1 row of another window with your edits in 1 row');
      await view.getByText('Another window has unsaved edits').waitFor({ state: 'detached' });
      const saved = readFileSync(path(), 'utf8').split('\n');
      expect([saved.length, saved[5]]).toEqual([rows.length + 1, rows[4]]);
      await activate();
      await workbench.press('Control+S');
      await expect.poll(() => readFileSync(path(), 'utf8').split('\n')[0]).not.toBe(rows[0]);
    } finally {
      await other.close();
    }
  });
});
