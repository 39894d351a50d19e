import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { delimiter, join, resolve } from 'node:path';
import { expect, it } from 'vitest';

/** `npm start`, in a process group of its own as a terminal gives it, on a machine without a desktop VS Code. */
function start(...args: string[]) {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !existsSync(join(folder, 'code'))).join(delimiter);
  const child = spawn('npm', ['start', '--', ...args], { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PATH: path } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));
  return { pid: child.pid ?? 0, ended, output: () => output, controlC: () => process.kill(-(child.pid ?? 0), 'SIGINT') };
}

/** Everything that a process has started, and what that has started. */
function descendants(pid: number): number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n').map((row) => row.trim().split(/\s+/).map(Number));
  const children = rows.flatMap(([child, parent]) => (child !== undefined && parent === pid ? [child] : []));
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** Only who has the printed address gets anything, and from no other site. */
async function expectGuarded(url: URL): Promise<void> {
  const token = url.searchParams.get('tkn') ?? '';
  expect(token).toMatch(/^[0-9a-f]{48}$/);
  const file = `/vscode-remote-resource?path=${encodeURIComponent(resolve('package.json'))}`;
  expect(await status(url, file, { cookie: `vscode-tkn=${token}` })).toBe(200);
  for (const path of ['/', file, '/version']) {
    expect(await status(url, path)).toBe(403);
    expect(await status(url, path, { cookie: `vscode-tkn=${token}`, host: `attacker.example:${url.port}` })).toBe(403);
  }
  const socket = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' };
  const path = '/?reconnectionToken=00000000-0000-0000-0000-000000000000&reconnection=false';
  expect(await status(url, path, { ...socket, cookie: `vscode-tkn=${token}`, origin: 'http://attacker.example' })).toBe(403);
  expect(await status(url, path, { ...socket, origin: url.origin })).toBe(403);
  expect(await status(url, path, { ...socket, cookie: `vscode-tkn=${token}`, origin: url.origin })).toBe(101);
  // A command line is for everybody to see.
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

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // No such process: what the test hopes for.
  }
}

it.skipIf(process.platform === 'win32')('npm start trains the sample, says what was learnt, serves the workbench, and leaves no process behind', async () => {
  const started = start();
  await expect.poll(started.output, { timeout: 150_000, interval: 250 }).toMatch(/VS Code with Margin: http:\/\/127\.0\.0\.1:\d+/);
  expect(started.output()).toMatch(/The trained model agrees with \d+ of 602 pairs/);
  expect(started.output()).toMatch(/prefs\.jsonl:\d+\s+reward margin -\d/);
  const url = new URL(/http:\/\/127\.0\.0\.1\S+/.exec(started.output())?.[0] ?? '');
  await expectGuarded(url);

  const processes = [started.pid, ...descendants(started.pid)];
  expect(processes.length).toBeGreaterThan(3);
  started.controlC();
  await started.ended;
  await expect.poll(() => processes.filter(isAlive), { timeout: 20_000 }).toEqual([]);
});

it.skipIf(process.platform === 'win32')('Ctrl+C while npm start trains saves the run, stops it, and leaves no process behind', async () => {
  const started = start('--headless');
  await expect.poll(started.output, { timeout: 150_000, interval: 100 }).toMatch(/Run folder: /);
  const processes = [started.pid, ...descendants(started.pid)];
  started.controlC();
  await started.ended;
  await expect.poll(() => processes.filter(isAlive), { timeout: 20_000 }).toEqual([]);
  expect(started.output()).toContain('stopped');
});
