import { join, resolve } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { at } from '../../src/base/pure/must';
import { launchBrowser } from '../../src/dev/workbench/browser';
import type { PanelPage } from './panelPage';

/** Moves of the pointer in a drag, one a frame. */
const moves = 300;
const frameMs = 1000 / 60;
/** Changes of the run, one a second: the host tells a view no more. */
const changes = 20;
const site = 'http://margin.invalid';
const dist = resolve('dist');

/**
 * A run panel in a bare page: the script of each frame of a brush over 5,000 points and over a histogram, and the load
 * of the page's thread by live updates.
 */
export async function measurePanel(folder: string): Promise<string> {
  const { context, page } = await launchBrowser(join(folder, 'profile'));
  try {
    const lines = ['| | ms of script a frame: median, 95 %, most | goal |', '|---|---|---|'];
    await serveFiles(page);
    await open(page, 'pairs');
    await page.locator('.scatter-plot canvas').first().waitFor();
    for (const [name, place] of [
      ['brush over a scatter of 5,000 pairs', '.scatter-plot'],
      ['brush over a histogram', '.histogram .bins'],
    ] as const)
      lines.push(`| ${name} | ${spread(await drag(page, place))} | 8 |`);
    lines.push('', '| live updates, one a second | thread of the page, % of a core | goal |', '|---|---|---|');
    for (const tab of ['curves', 'pairs']) {
      await open(page, tab);
      await page
        .locator(tab === 'curves' ? '.chart canvas' : '.scatter-plot canvas')
        .first()
        .waitFor();
      lines.push(`| tab ${tab} | ${(await loadOf(page)).toFixed(1)} | 5 |`);
    }
    return lines.join('\n');
  } finally {
    await context.close();
  }
}

/** Opens the view as a webview does, with the page's own host in place of VS Code. */
async function open(page: Page, tab: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${site}/panel.html#${tab}`);
}

/** A view consists of modules, which load only from a server, so the page has the address of one. */
async function serveFiles(page: Page): Promise<void> {
  const styles = ['codicon.css', 'runPanel.css']
    .map((name) => `<link rel="stylesheet" href="webview/${name}">`)
    .join('');
  const scripts = '<script src="test/panelPage.js"></script><script type="module" src="webview/runPanel.js"></script>';
  const body = `<!DOCTYPE html><html style="height: 100%"><head><meta charset="utf-8">${styles}</head><body>${scripts}</body></html>`;
  await page.route(`${site}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    const content = pathname === '/panel.html' ? { body, contentType: 'text/html' } : { path: join(dist, pathname) };
    return route.fulfill(content);
  });
}

/** Milliseconds of script in each frame of a drag over a place. */
async function drag(page: Page, place: string): Promise<readonly number[]> {
  const box = await page.locator(place).first().boundingBox();
  if (!box) throw new Error(`The view has no ${place}`);
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width / 4, y);
  await page.mouse.down();
  await page.evaluate(() => panel.frames().length);
  for (let move = 0; move < moves; move++) {
    const share = (1 + Math.sin(move / 10)) / 2;
    await page.mouse.move(box.x + (0.3 + 0.6 * share) * box.width, y + share * 10);
    await new Promise((done) => setTimeout(done, frameMs));
  }
  const frames = await page.evaluate(() => panel.frames());
  await page.mouse.up();
  return frames.filter((ms) => ms > 0);
}

function spread(frames: readonly number[]): string {
  const sorted = frames.toSorted((a, b) => a - b);
  const part = (share: number): string => at(sorted, Math.floor(share * (sorted.length - 1))).toFixed(2);
  return `${part(0.5)}, ${part(0.95)}, ${part(1)} (${sorted.length} frames)`;
}

/** The load of following a run, in % of a core: of all work of the page's thread, by Chromium's own count. */
async function loadOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const [from, before] = [performance.now(), await threadSeconds(session)];
  await page.evaluate((count) => panel.follow(count), changes);
  const [seconds, worked] = [(performance.now() - from) / 1000, (await threadSeconds(session)) - before];
  await session.detach();
  return (100 * worked) / seconds;
}

async function threadSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  const found =
    metrics.find(({ name }) => name === 'ThreadTime') ?? metrics.find(({ name }) => name === 'TaskDuration');
  if (!found) throw new Error('Chromium counts no time of the thread');
  return found.value;
}

declare const panel: PanelPage;
