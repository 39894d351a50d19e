import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
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
  const url = /http:\/\/127\.0\.0\.1\S+/.exec(started.output())?.[0] ?? '';
  expect((await fetch(url)).status).toBe(200);

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
