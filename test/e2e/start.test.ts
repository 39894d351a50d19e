import { execFileSync } from 'node:child_process';
import { request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { must } from '../../src/base/pure/must';
import { Workbench } from './driver';
import { NpmStart } from './npmStart';
import { themes } from './themes';

const sizes = { wide: { width: 1440, height: 900 }, narrow: { width: 900, height: 700 } } as const;

// Windows has neither process groups nor `ps`.
describe.skipIf(process.platform === 'win32')('npm start', () => {
  let started: NpmStart;
  let workbench: Workbench;
  beforeAll(async () => {
    started = await NpmStart.run();
  });
  afterAll(async () => {
    await (workbench as Workbench | undefined)?.close();
    started.kill();
  });

  it('trains on the sample, reports what the model learnt, and prints the address of the workbench', async () => {
    await started.says(/Ctrl\+C ends it/);
    expect(started.output).toMatch(/The trained model agrees with \d+ of 602 pairs/);
    expect(started.output).toMatch(/prefs\.jsonl:\d+\s+reward margin -\d/);
  });

  it('opens Margin: pairs sorted by margin, lowest first, the curves below, the side bar at the left', async () => {
    const served = started.secondsSince(/The trained model agrees/);
    workbench = await Workbench.visit(started.address.href);
    const pairs = await workbench.view('.pair-row .num');
    const shown = started.secondsSince(/The trained model agrees/);
    console.log(
      `After the training: address visited at ${served.toFixed(1)} s, rewards shown at ${shown.toFixed(1)} s`,
    );
    const lowest = /prefs\.jsonl:(\d+)/.exec(started.output)?.[1];
    await expect.poll(() => pairs.locator('.pair-row').first().innerText()).toMatch(new RegExp(`^${lowest}\\s`));
    expect(await pairs.locator('.pair-row').first().getAttribute('aria-selected')).toBe('true');
    const curves = await workbench.view('.chart canvas');
    await curves.getByText('152/152').waitFor();
    await workbench.row('602 rows').waitFor();
  });

  it('shows nothing else: one tab, no walkthrough, no second side bar, no notification', async () => {
    expect(await workbench.page.locator('.gettingStartedContainer').count()).toBe(0);
    expect(await workbench.page.locator('.tabs-container .tab').count()).toBe(1);
    expect(await workbench.page.locator('.part.auxiliarybar').isVisible()).toBe(false);
    expect(await workbench.page.locator('.notification-toast').count()).toBe(0);
  });

  it.each(themes)('writes screenshots in %s, wide and narrow', async (theme) => {
    await workbench.theme(theme);
    for (const [size, viewport] of Object.entries(sizes)) {
      await workbench.page.setViewportSize(viewport);
      await workbench.view('.chart canvas');
      await workbench.shoot(`start-${theme.toLowerCase().replaceAll(' ', '-')}-${size}`);
    }
  });

  it('keeps the layout after a reload', async () => {
    // Not the command that toggles: the driver may run a command a second time on a busy machine.
    await workbench.command('View: Close Primary Side Bar');
    await workbench.page.locator('.part.sidebar').waitFor({ state: 'hidden' });
    await workbench.saved('workbench.sideBar.hidden=true');
    await workbench.reload();
    await workbench.view('.pair-row');
    expect(await workbench.page.locator('.part.sidebar').isVisible()).toBe(false);
  });

  it('refuses everyone without the printed address', () => expectGuarded(started.address));

  it('leaves no process, port or temporary folder behind after a Ctrl+C', () => started.endsWithoutTrace());
});

it.skipIf(process.platform === 'win32')(
  'Ctrl+C while npm start trains saves the run, stops it, and leaves nothing behind',
  async () => {
    const started = await NpmStart.run('--headless');
    try {
      await started.says(/Run folder: /);
      await started.endsWithoutTrace();
      expect(started.output).toContain('stopped');
    } finally {
      started.kill();
    }
  },
);

/** Expects 403 for requests without the token or from another site, and no token in any command line. */
async function expectGuarded(url: URL): Promise<void> {
  const token = must(url.searchParams.get('tkn'), 'the token');
  expect(token).toMatch(/^[0-9a-f]{48}$/);
  const file = `/vscode-remote-resource?path=${encodeURIComponent(resolve('package.json'))}`;
  expect(await status(url, file, { cookie: `vscode-tkn=${token}` })).toBe(200);
  for (const path of ['/', file, '/version']) {
    expect(await status(url, path)).toBe(403);
    expect(await status(url, path, { cookie: `vscode-tkn=${token}`, host: `attacker.example:${url.port}` })).toBe(403);
  }
  const socket = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  };
  const path = '/?reconnectionToken=00000000-0000-0000-0000-000000000000&reconnection=false';
  expect(await status(url, path, { ...socket, cookie: `vscode-tkn=${token}`, origin: 'http://attacker.example' })).toBe(
    403,
  );
  expect(await status(url, path, { ...socket, origin: url.origin })).toBe(403);
  expect(await status(url, path, { ...socket, cookie: `vscode-tkn=${token}`, origin: url.origin })).toBe(101);
  // Every user of the machine sees command lines.
  expect(execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' })).not.toContain(token);
}

function status({ port }: URL, path: string, headers: OutgoingHttpHeaders = {}): Promise<number | undefined> {
  return new Promise((found, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, headers, agent: false });
    sent.on('error', reject);
    for (const event of ['response', 'upgrade'] as const)
      sent.on(event, ({ statusCode }: IncomingMessage) => {
        found(statusCode);
        sent.destroy();
      });
    sent.end();
  });
}
