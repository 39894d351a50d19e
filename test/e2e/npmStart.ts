import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { expect } from 'vitest';
import { pidExists } from '../../src/base/node/thisMachine';
import { must } from '../../src/base/pure/must';
import { installWorkbench } from '../../src/dev/workbench/install';

/** Without this, npm leaves a cache in the temporary folder. */
const quiet = { NODE_DISABLE_COMPILE_CACHE: '1' };

/**
 * `npm start` as a new user runs it: without a desktop VS Code, with an empty temporary folder and a cache that holds
 * only the workbench, and in its own process group, as in a terminal.
 */
export class NpmStart {
  private readonly child;
  private readonly ended: Promise<void>;
  private text = '';
  /** The time of each piece of output, and the length of the output up to its end. */
  private readonly pieces: { readonly time: number; readonly end: number }[] = [];

  private constructor(
    private readonly root: string,
    args: readonly string[],
  ) {
    const path = must(process.env['PATH'], 'PATH')
      .split(delimiter)
      .filter((folder) => !existsSync(join(folder, 'code')))
      .join(delimiter);
    const env = {
      ...process.env,
      PATH: path,
      XDG_CACHE_HOME: join(root, 'cache'),
      TMPDIR: join(root, 'tmp'),
      ...quiet,
    };
    this.child = spawn('npm', ['start', '--', ...args], { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream.on('data', (chunk: Buffer) => {
        this.text += chunk.toString();
        this.pieces.push({ time: Date.now(), end: this.text.length });
      });
    this.ended = new Promise((resolve) => this.child.on('close', () => resolve()));
  }

  static async run(...args: string[]): Promise<NpmStart> {
    const { server } = await installWorkbench(console.log, 'dist');
    const installed = server.slice(0, server.indexOf('node_modules')).replace(/[\\/]$/, '');
    const root = mkdtempSync(join(tmpdir(), 'margin-start-'));
    for (const folder of ['cache/margin', 'tmp']) mkdirSync(join(root, folder), { recursive: true });
    symlinkSync(installed, join(root, 'cache/margin', basename(installed)), 'junction');
    return new NpmStart(root, args);
  }

  get output(): string {
    return this.text;
  }

  /** Seconds since it printed a text. */
  secondsSince(what: RegExp): number {
    const start = must(what.exec(this.text), String(what)).index;
    const piece = must(
      this.pieces.find(({ end }) => end > start),
      'the piece of output',
    );
    return (Date.now() - piece.time) / 1000;
  }

  async says(what: RegExp): Promise<void> {
    await expect.poll(() => this.text, { timeout: 150_000, interval: 100 }).toMatch(what);
  }

  /** The printed address. */
  get address(): URL {
    return new URL(must(/VS Code with Margin: (http:\S+)/.exec(this.text)?.[1], 'the printed address'));
  }

  /** Ends it and removes its folders. A test that failed may have left it running. */
  kill(): void {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGTERM');
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Sends Ctrl+C and expects that no process, temporary folder or port is left. */
  async endsWithoutTrace(): Promise<void> {
    const pid = must(this.child.pid, 'the process id of npm');
    const processes = [pid, ...descendants(pid)];
    expect(processes.length).toBeGreaterThan(3);
    process.kill(-pid, 'SIGINT');
    await this.ended;
    await expect.poll(() => processes.filter(pidExists), { timeout: 20_000 }).toEqual([]);
    expect(readdirSync(join(this.root, 'tmp'))).toEqual([]);
    if (this.text.includes('http://')) expect(await isServed(Number(this.address.port))).toBe(false);
  }
}

/** Process ids of all children of a process, and of their children. */
function descendants(pid: number): number[] {
  const listing = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const rows = listing.map((row) => row.trim().split(/\s+/).map(Number));
  const children = rows.flatMap(([child, parent]) => (child !== undefined && parent === pid ? [child] : []));
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function isServed(port: number): Promise<boolean> {
  return new Promise((found) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.on('connect', () => found(true)).on('error', () => found(false));
    socket.on('connect', () => socket.destroy());
  });
}
