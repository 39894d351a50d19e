import type { Frame, Locator, Page } from 'playwright-core';
import { must } from '../../src/base/pure/must';

/** VS Code saves its state when it is idle, which a busy machine seldom is. */
const savedMs = 150_000;

/** Waits until VS Code's stored state includes a text. Rejects after 2.5 minutes. */
export async function untilSaved(page: Page, part: string): Promise<void> {
  for (const end = Date.now() + savedMs; !(await page.evaluate(savedState)).includes(part);) {
    if (Date.now() > end) {
      const [key = ''] = part.split('=');
      const stored = (await page.evaluate(savedState)).split('\n').filter((line) => line.startsWith(`${key}=`));
      throw new Error(`VS Code has not saved ${part}, but ${stored.join('; ')}`);
    }
    await wake(page);
    await page.waitForTimeout(1000);
  }
}

/** After a screenshot, Chromium may give a page no idle time until its size changes. */
async function wake(page: Page): Promise<void> {
  const size = must(page.viewportSize(), 'the size of the page');
  await page.setViewportSize({ ...size, height: size.height + 1 });
  await page.setViewportSize(size);
}

/** Runs in the page: all of VS Code's stored state, a line `KEY=VALUE` each. */
async function savedState(): Promise<string> {
  const result = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const lines: string[] = [];
  for (const { name } of await indexedDB.databases()) {
    if (!name?.startsWith('vscode-web-state-db')) continue;
    const database = await result(indexedDB.open(name));
    const table = database.transaction('ItemTable').objectStore('ItemTable');
    const [keys, values] = await Promise.all([result(table.getAllKeys()), result(table.getAll())]);
    keys.forEach((key, i) => lines.push(`${String(key)}=${String(values[i])}`));
    database.close();
  }
  return lines.join('\n');
}

/** Clicks an entry of the open context menu, which ignores clicks in its first moments. */
export async function takeFromMenu(page: Page, name: string): Promise<void> {
  const entry = page.getByRole('menuitem', { name });
  for (let attempt = 1; ; attempt++) {
    await entry.click();
    try {
      return await entry.waitFor({ state: 'hidden', timeout: 1000 });
    } catch (error) {
      if (attempt === 4) throw error;
    }
  }
}

/** The rows of a pair editor. Its other lists may be in the page too. */
export function rowList(view: Frame): Locator {
  return view.getByRole('grid', { name: 'Pairs of the file' });
}

/** Chooses an entry of an element's context menu. An element that is redrawn meanwhile may get no menu: then again. */
export async function chooseFromMenu(element: Locator, name: string, patience: number): Promise<void> {
  const page = element.page();
  for (let attempt = 1; ; attempt++) {
    await element.click({ button: 'right', timeout: patience });
    try {
      await page.getByRole('menuitem', { name }).waitFor({ timeout: 5000 });
      return await takeFromMenu(page, name);
    } catch (error) {
      if (attempt === 4) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

/** Ids of the completed steps of the open walkthrough. */
export async function stepsDone(page: Page): Promise<readonly (string | undefined)[]> {
  const steps = await page.locator('.getting-started-step [role=checkbox][aria-checked=true]').all();
  return Promise.all(steps.map(async (step) => (await step.getAttribute('data-done-step-id'))?.split('#').at(-1)));
}

/**
 * Whether a frame is a visible webview with an element, and with a title if one is given. VS Code shows a webview as a
 * frame within a frame.
 */
export async function shows(frame: Frame, selector: string, title?: string): Promise<boolean> {
  try {
    // Asks nothing of the workbench itself and of the outer frames, each of which would answer late while it is busy.
    if (!frame.parentFrame()?.parentFrame()) return false;
    if (title !== undefined && (await frame.title()) !== title) return false;
    if ((await frame.locator(selector).count()) === 0) return false;
    const holder = await frame.parentFrame()?.frameElement();
    return (await holder?.isVisible()) ?? false;
  } catch {
    return false; // The frame was removed during the check.
  }
}
