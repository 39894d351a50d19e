import { execFile } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { BrowserContext, Frame, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { must } from '../../src/base/pure/must';
import { launchBrowser } from '../../src/dev/workbench/browser';
import { makeWorkspace } from '../integration/workspace';
import { type OpenOptions, settingsOf } from './openOptions';
import { shows, untilSaved } from './page';
import { serveOwn, useSharedServer, type TestServer } from './server';
import { themeClasses, type themes } from './themes';

const screenshots = 'test/e2e/screenshots';
/** Long enough for the quick input to list what was typed on a busy machine. */
const quickInputMs = 6000;
/** Long enough for a dialog to list a small folder on a busy machine. */
const lookupMs = 1000;

/** VS Code in a browser as a user sees it, with a folder open. */
export class Workbench {
  private constructor(
    readonly folder: string,
    private readonly address: string,
    private readonly context: BrowserContext,
    private currentPage: Page,
    /** Stops the server if this workbench started it, and removes its folders. */
    private readonly leave: () => Promise<void>,
    private readonly ownServer: TestServer | null,
    /** What its activity bar shows when it is ready. */
    private readonly shown: 'Margin' | 'Explorer' = 'Margin',
  ) {}

  /** Opens a workbench on a fresh folder with a copy of the sample. */
  static async open(options: OpenOptions = {}): Promise<Workbench> {
    const { vsix, own = false, inBrowser = false } = options;
    const all = settingsOf(options);
    const { root, folder, data, remove } = makeWorkspace('e2e', all);
    // Without the scripts that made the sample.
    cpSync('media/sample', folder, { recursive: true, filter: (path) => basename(path) !== 'make' });
    const server = vsix !== undefined || own ? await serveOwn(vsix ?? null, data) : useSharedServer(all);
    const { context, page } = await launchBrowser(join(root, 'browser'));
    const leave = (): Promise<void> => server.stop().then(remove);
    const shown = inBrowser ? 'Explorer' : 'Margin';
    return new Workbench(folder, server.url(folder), context, page, leave, server, shown).loaded();
  }

  /** Opens an address that `npm start` printed, with a new browser profile. */
  static async visit(address: string): Promise<Workbench> {
    const { root, remove } = makeWorkspace('visit');
    const { context, page } = await launchBrowser(join(root, 'browser'));
    const folder = must(new URL(address).searchParams.get('folder'), 'the folder of the address');
    return new Workbench(folder, address, context, page, async () => remove(), null).loaded();
  }

  private async loaded(): Promise<this> {
    try {
      await this.load();
      return this;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /**
   * Runs `margin` in the workbench's folder. Not synchronously: this process also connects the page with the server.
   *
   * @returns its output
   */
  async margin(...args: readonly string[]): Promise<string> {
    const program = [join(process.cwd(), 'dist/cli.js'), ...args];
    const { stdout } = await promisify(execFile)(process.execPath, program, { cwd: this.folder, maxBuffer: 1e8 });
    return stdout.trim();
  }

  /** VS Code's server, which must be of this test run. */
  get server(): TestServer {
    return must(this.ownServer, 'a server of this test run');
  }

  get page(): Page {
    return this.currentPage;
  }

  /** Ends the browser, and its extension host soon after. Trainers continue, as they do when a window closes. */
  async close(): Promise<void> {
    await this.context.close();
    await this.leave();
  }

  /** Closes the page and opens a new one with the same profile, as a user who comes back. */
  async reopen(): Promise<void> {
    const old = this.currentPage;
    this.currentPage = await this.context.newPage();
    await old.close();
    await this.load();
  }

  async reload(): Promise<void> {
    await this.page.reload({ waitUntil: 'commit' });
    await this.ready();
  }

  private async load(): Promise<void> {
    // Not until all of VS Code has loaded, for which `ready` waits longer.
    await this.page.goto(this.address, { waitUntil: 'commit' });
    await this.ready();
  }

  private async ready(): Promise<void> {
    await this.page.waitForSelector('.monaco-workbench .part.statusbar', { timeout: 60_000 });
    try {
      await this.activity(this.shown).waitFor({ timeout: 30_000 });
    } catch (error) {
      await this.shoot('did-not-open');
      throw error;
    }
  }

  /**
   * Waits until VS Code in the browser has saved a part of its state: it does so every five seconds when it is idle,
   * and not when the page closes.
   *
   * @param part `KEY=VALUE` of VS Code's storage, or a part of it
   */
  saved(part: string): Promise<void> {
    return untilSaved(this.page, part);
  }

  /** An entry of the activity bar, by its title. */
  activity(title: string): Locator {
    return this.page.locator('.activitybar').getByRole('tab', { name: title }).first();
  }

  press(...keys: string[]): Promise<void> {
    return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve());
  }

  /** Types into the command palette and clicks the entry with exactly this title. */
  command(title: string): Promise<void> {
    // The first entry may be another command with the same words in its title.
    return this.quickOpen('F1', `>${title}`, `[aria-label="${title}"], [aria-label^="${title},"]`);
  }

  /** Opens a file of the workspace through Quick Open. */
  async openFile(name: string): Promise<void> {
    await this.quickOpen('Control+P', name, `[aria-label^="${name}"]`);
    await this.tab(name).waitFor();
  }

  /**
   * Opens the quick input, types and clicks an entry. A view that is still opening may take the focus, which closes the
   * quick input. Then this opens it again, as a user would.
   */
  private async quickOpen(key: string, text: string, entry: string): Promise<void> {
    await this.page.bringToFront();
    for (let attempt = 1; ; attempt++) {
      try {
        await this.quickInput.waitFor({ state: 'hidden' });
        await this.press(key);
        await this.quickInput.fill(text, { timeout: quickInputMs });
        await this.page
          .locator('.quick-input-list .monaco-list-row')
          .and(this.page.locator(entry))
          .first()
          .click({ timeout: quickInputMs });
        return;
      } catch (error) {
        if (attempt === 4) throw error;
        await this.press('Escape');
      }
    }
  }

  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget .quick-input-filter input').first();
  }

  /** Types into the input box that a command opened. */
  async answer(text: string): Promise<void> {
    await this.quickInput.waitFor();
    // A list that was there before the input box stays for a moment, and would take the text.
    await this.page.locator('.quick-input-widget .quick-input-list').waitFor({ state: 'hidden' });
    await this.quickInput.fill(text);
    await this.press('Enter');
    await this.quickInput.waitFor({ state: 'hidden' });
  }

  /** Replaces the path in the open save dialog, and saves. */
  async saveAs(path: string, suggested: RegExp): Promise<void> {
    await this.takePath(path, suggested);
    await this.quickInput.waitFor({ state: 'hidden' });
  }

  /**
   * Replaces the path in the open file dialog, and accepts it. The dialog reads folders after it opens and after each
   * change; until it is done, Enter applies to the former path.
   */
  async takePath(path: string, suggested: RegExp): Promise<void> {
    await expect.poll(() => this.quickInput.inputValue(), { timeout: quickInputMs }).toMatch(suggested);
    await this.page.waitForTimeout(lookupMs);
    await this.quickInput.fill(path);
    await this.page.waitForTimeout(lookupMs);
    await this.press('Enter');
  }

  /** Clicks an entry of the open quick pick, found by the start of its label. */
  async pick(label: string): Promise<void> {
    const row = this.page.locator(`.quick-input-list .monaco-list-row[aria-label^="${label}"]`).first();
    await row.waitFor();
    await row.click();
  }

  tab(name: string): Locator {
    return this.page
      .locator(`.tabs-container .tab[data-resource-name="${name}"], .tabs-container .tab[aria-label^="${name}"]`)
      .first();
  }

  /** A row of the side bar or the Problems panel, found by its text. */
  row(text: string): Locator {
    return this.page.locator('.monaco-list-row', { hasText: text }).first();
  }

  /**
   * Opens a dataset of the side bar. A click is lost if the row is redrawn at that moment. Then this clicks again, as a
   * user would.
   */
  async openPairs(name: string): Promise<Frame> {
    // Not the row of the Explorer, which may still be visible and opens the file as text.
    const row = this.page.locator('[id="workbench.view.extension.margin"] .monaco-list-row', { hasText: name });
    for (let attempt = 1; ; attempt++) {
      await row.first().click();
      try {
        // Not of the file shown before, whose view stays for a moment.
        return await this.view('.pair-row', 10_000, `Pairs of ${name}`);
      } catch (error) {
        if (attempt === 3) throw error;
      }
    }
  }

  /** Finds a message among the notifications, where it stays after its toast has gone. */
  async notification(text: string | RegExp, timeoutMs = 30_000): Promise<Locator> {
    await this.command('Notifications: Show Notifications');
    const found = this.page.locator('.notifications-center .notification-list-item', { hasText: text }).first();
    await found.waitFor({ timeout: timeoutMs });
    return found;
  }

  clearNotifications(): Promise<void> {
    return this.command('Notifications: Clear All Notifications');
  }

  get statusBar(): Locator {
    return this.page.locator('.part.statusbar');
  }

  /** Switches the colour theme with the picker. */
  async theme(theme: (typeof themes)[number]): Promise<void> {
    // Not with keys: a view that is still opening may take the focus between two keys.
    await this.command('Preferences: Color Theme');
    const input = this.page.getByPlaceholder(/Theme/);
    await input.waitFor();
    await input.fill(theme);
    await this.page.locator(`.quick-input-list .monaco-list-row.focused[aria-label^="${theme}"]`).first().waitFor();
    await this.press('Enter');
    await this.page.waitForSelector(`.monaco-workbench.${themeClasses[theme]}`);
  }

  /** The document of the visible webview with a given element, and with a given title if one is given. */
  async view(selector: string, timeoutMs = 90_000, title?: string): Promise<Frame> {
    for (const end = Date.now() + timeoutMs; ; await this.page.waitForTimeout(100)) {
      for (const frame of this.page.frames())
        if (await Promise.race([shows(frame, selector, title), this.page.waitForTimeout(2000)])) return frame;
      if (Date.now() < end) continue;
      await this.shoot('no-view');
      throw new Error(`No visible view has ${selector} after ${timeoutMs} ms. See ${screenshots}/no-view.png.`);
    }
  }

  /** Writes test/e2e/screenshots/NAME.png. */
  async shoot(name: string): Promise<void> {
    mkdirSync(screenshots, { recursive: true });
    await this.page.screenshot({ path: join(screenshots, `${name}.png`) });
  }
}
