import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { must } from '../../src/base/pure/must';
import { accessibilityProblems } from './accessible';
import { Workbench } from './driver';
import { makeLong } from './longRun';
import { themes } from './themes';

const patience = 120_000;
const steps = 20_000;

describe('the curves of a long run, by keyboard and mouse', () => {
  let workbench: Workbench;
  let folder: string;
  let view: Frame;
  const chart = (title: string): Locator => view.getByRole('slider', { name: title, exact: true });
  const pointed = (title: string) => expect.poll(() => chart(title).getAttribute('aria-valuenow'));
  const said = (): Promise<string | null> => view.locator('.sr-only').first().textContent();
  const option = (name: string | RegExp): Locator => view.locator('.options').getByRole('button', { name });
  const choose = async (menu: string | RegExp, item: string | RegExp): Promise<void> => {
    await option(menu).click();
    await view.getByRole('menu').getByText(item).click();
  };

  beforeAll(async () => {
    workbench = await Workbench.open();
    await workbench.margin('train', 'sample.train.json', '--max_steps', '2', '--per_device_train_batch_size', '4');
    folder = makeLong(join(workbench.folder, '.margin/runs'), steps);
    await workbench.activity('Margin').click();
    await workbench.page.getByRole('treeitem', { name: /sample.*done/ }).click();
    view = await workbench.view('.chart canvas', patience);
    await workbench.command('Margin: Open Run in Editor');
    await workbench.command('View: Hide Panel');
    view = await workbench.view('.chart canvas', patience);
  });
  afterAll(() => workbench?.close());

  it('shows all points after a preview, and one crosshair for all charts', async () => {
    // A preview has fewer points, so its last but one is an earlier step.
    const lastButOne = async (): Promise<string | null> => {
      await chart('loss').focus();
      await workbench.press('End', 'ArrowLeft');
      return chart('loss').getAttribute('aria-valuenow');
    };
    await expect.poll(lastButOne, { timeout: patience, interval: 500 }).toBe(String(steps - 1));
    await pointed('gradient norm').toBe(String(steps - 1));
    await view.locator('.at', { hasText: `step ${steps - 1}` }).waitFor();
    await workbench.shoot('curves-1-crosshair');
  });

  it('zooms by keys and by a drag, and goes back', async () => {
    await workbench.press('+');
    await expect.poll(said).toMatch(/^1e4 to 2e4$|^10000 to 20000$/);
    await workbench.press('Backspace');
    await expect.poll(said).toBe('all points are shown');
    const box = must(await chart('margin').locator('.u-over').boundingBox(), 'the plot');
    await workbench.page.mouse.move(box.x + box.width * 0.25, box.y + 30);
    await workbench.page.mouse.down();
    await workbench.page.mouse.move(box.x + box.width * 0.5, box.y + 40, { steps: 4 });
    await workbench.page.mouse.up();
    await expect.poll(said).toMatch(/^(49|50)\d\d to (9[89]\d\d|1000\d|1e4)/);
    await workbench.shoot('curves-2-zoomed');
    await workbench.page.mouse.dblclick(box.x + box.width * 0.4, box.y + 30);
    await expect.poll(said).toBe('all points are shown');
  });

  it('counts by tokens, and says which axes the run does not have and why', async () => {
    await option(/^x: /).click();
    await view
      .getByRole('menuitemradio', { name: /epoch/, disabled: true })
      .getByText('the events have no epoch')
      .waitFor();
    await workbench.shoot('curves-3-axes');
    await view.getByRole('menu').getByText('tokens', { exact: true }).click();
    await chart('loss').focus();
    await workbench.press('End');
    await pointed('loss').toBe(String(240 * steps));
    await choose('More options of the curves', 'Clip outliers');
    await choose('More options of the curves', 'Log x');
    await workbench.shoot('curves-4-tokens');
    await choose(/^x: /, /^step$/);
  });

  it('pins a note at the crosshair with a key, removes it, and undo brings it back', async () => {
    await chart('loss').focus();
    await workbench.press('End', 'PageUp', 'p');
    await workbench.answer('the learning rate was lowered here');
    await view.locator('.pins', { hasText: 'the learning rate was lowered here' }).waitFor();
    const notes = (): string => readFileSync(join(folder, 'notes.json'), 'utf8');
    expect(notes()).toContain('the learning rate was lowered here');
    const remove = view.locator('.pins').getByRole('button', { name: /^Remove/ });
    await remove.click();
    await view.locator('.pins li').waitFor({ state: 'detached' });
    const removed = await workbench.notification(/The pin at step \d+ is removed/);
    await removed.getByRole('button', { name: 'Undo' }).click();
    await view.locator('.pins', { hasText: 'the learning rate was lowered here' }).waitFor();
    expect(notes()).toContain('the learning rate was lowered here');
    await remove.click();
    await view.locator('.pins li').waitFor({ state: 'detached' });
  });

  it('shows every point in a table too', async () => {
    await option('table').click();
    const table = view.getByRole('grid', { name: 'Points of the run, newest first' });
    await table.focus();
    await expect.poll(() => table.getAttribute('aria-rowcount')).toBe(String(steps));
    await workbench.press('End');
    await expect.poll(() => table.locator('.selected').innerText()).toMatch(/^1\s/);
    await workbench.shoot('curves-5-table');
    await option('table').click();
  });

  it('exports all points as CSV, and the charts as SVG', async () => {
    const csv = join(workbench.folder, 'curves.csv');
    await choose('More options of the curves', /CSV/);
    await workbench.saveAs(csv, /curves\.csv$/);
    await expect.poll(() => lines(csv).length).toBe(steps + 1);
    expect(lines(csv)[0]).toMatch(/^step,seconds,loss,/);
    expect(lines(csv)[901]).toContain('NaN');
    const svg = join(workbench.folder, 'curves.svg');
    await choose('More options of the curves', /SVG/);
    await workbench.saveAs(svg, /curves\.svg$/);
    await expect.poll(() => lines(svg).length).toBeGreaterThan(20);
  });

  it.each(themes)('draws its charts in %s', async (theme) => {
    await workbench.theme(theme);
    await view.locator('.chart canvas').first().waitFor();
    await workbench.shoot(`curves-${theme.toLowerCase().replaceAll(' ', '-')}`);
  });

  it('fits into 600 pixels', async () => {
    await workbench.page.setViewportSize({ width: 600, height: 800 });
    await workbench.command('View: Toggle Primary Side Bar Visibility');
    await expect
      .poll(() => view.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth))
      .toBe(0);
    expect(await accessibilityProblems(view)).toEqual([]);
    await workbench.shoot('curves-600');
    await workbench.page.setViewportSize({ width: 1440, height: 900 });
  });

  it('remembers its settings for the next panel, and keeps what it read if the folder is deleted', async () => {
    await workbench.command('View: Close All Editors');
    await workbench.command('Margin: Open Run in Editor');
    view = await workbench.view('.chart canvas', patience);
    await option('More options of the curves').click();
    await view.getByRole('menuitemcheckbox', { name: 'Log x', checked: true }).waitFor();
    await workbench.press('Escape');
    rmSync(folder, { recursive: true });
    await view.getByRole('alert').getByText('cannot be read any longer').waitFor({ timeout: patience });
    await view.locator('.chart canvas').first().waitFor();
    await workbench.shoot('curves-6-deleted');
  });
});

function lines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n');
  } catch {
    // It is not written yet.
    return [];
  }
}
