import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { must } from '../../base/pure/must';
import { openGate, type Gate } from './gate';
import type { Workbench } from './install';
import { signalGroup, stopTree } from './processes';

export interface ServeOptions {
  /** Holds the server's settings, logs and state. */
  readonly dataFolder: string;
  /**
   * Folders to load as installed extensions, by name. They are linked into the extensions folder: the workbench accepts
   * a development path for test runs only.
   */
  readonly linkExtensions?: Readonly<Record<string, string>>;
  /** A VSIX to install before the server starts. */
  readonly installExtension?: string;
  /** Folders open in Restricted Mode until the user trusts them. Without this, every folder is trusted. */
  readonly restricted?: boolean;
  /** How long a window that was closed may reconnect to its extension host. Without this, VS Code's three hours. */
  readonly reconnectSeconds?: number;
}

export interface Server {
  readonly port: number;
  readonly pid: number;
  /**
   * The address that opens a folder, with the token in it. `payload` goes to VS Code's web workbench, for example
   * `[["extensionDevelopmentPath", uri]]`.
   */
  url(folder: string, payload?: readonly (readonly [string, string])[]): string;
  /** The workbench's URI of a path on this machine. */
  uri(path: string): string;
  /** Resolves when the server has ended by itself. */
  readonly closed: Promise<void>;
  stop(): Promise<void>;
}

/** A folder that only its owner may read. The token is in a file because every user sees command lines. */
interface PrivateFolder {
  readonly folder: string;
  readonly token: string;
  readonly tokenFile: string;
  readonly socketPath: string;
}

interface Running {
  readonly child: ChildProcess;
  readonly closed: Promise<void>;
  hasEnded(): boolean;
  /** The end of its output. */
  output(): string;
}

const startLimitMs = 60_000;

/**
 * Starts VS Code's server behind a gate on a free loopback port and waits until the workbench can be opened.
 * Rejects with its output if it ends or is not ready within a minute.
 */
export async function serve(workbench: Workbench, options: ServeOptions): Promise<Server> {
  for (const [name, folder] of Object.entries(options.linkExtensions ?? {}))
    await linkExtension(name, folder, options.dataFolder);
  const secrets = await makePrivateFolder();
  const running = start(workbench, secrets.folder, [
    ...serverArguments(options),
    '--socket-path',
    secrets.socketPath,
    '--connection-token-file',
    secrets.tokenFile,
  ]);
  const { child, closed } = running;
  const gate = await openGate(secrets.socketPath, secrets.token);
  // A program that exits without stop() still leaves no server behind.
  const onExit = (): void => {
    if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
    rmSync(secrets.folder, { recursive: true, force: true });
  };
  process.once('exit', onExit);
  const stop = async (): Promise<void> => {
    gate.close();
    await stopTree(child);
    await rm(secrets.folder, { recursive: true, force: true });
    process.off('exit', onExit);
  };
  if (!(await isReady(running, gate, secrets.token))) {
    await stop();
    throw new Error(`The VS Code server did not start:\n${running.output()}`);
  }
  const pid = must(child.pid, "the server's process id");
  return { port: gate.port, pid, ...addresses(gate.port, secrets.token), closed, stop };
}

function addresses(port: number, token: string): Pick<Server, 'url' | 'uri'> {
  return {
    uri: (path) => `vscode-remote://127.0.0.1:${port}${encodeURI(path.replaceAll('\\', '/'))}`,
    url: (folder, payload = []) => {
      const query = new URLSearchParams({ tkn: token, folder });
      if (payload.length > 0) query.set('payload', JSON.stringify(payload));
      return `http://127.0.0.1:${port}/?${query}`;
    },
  };
}

async function makePrivateFolder(): Promise<PrivateFolder> {
  // mkdtemp uses mode 700. The system's temporary folder keeps the socket's path short.
  const folder = await mkdtemp(join(tmpdir(), 'margin-'));
  const token = randomBytes(24).toString('hex');
  const tokenFile = join(folder, 'token');
  await writeFile(tokenFile, token, { mode: 0o600 });
  const pipe = `\\\\.\\pipe\\margin-${randomBytes(8).toString('hex')}`;
  return { folder, token, tokenFile, socketPath: process.platform === 'win32' ? pipe : join(folder, 'socket') };
}

function start(workbench: Workbench, temporary: string, args: readonly string[]): Running {
  const env = serverEnvironment(temporary);
  const child = spawn(workbench.node, [workbench.server, ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
  let output = '';
  let ended = false;
  const closed = new Promise<void>((resolve) => child.on('close', () => resolve(void (ended = true))));
  const collect = (chunk: Buffer): void => void (output = (output + chunk.toString()).slice(-8000));
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  child.on('error', (error) => collect(Buffer.from(String(error))));
  return { child, closed, hasEnded: () => ended, output: () => output };
}

async function linkExtension(name: string, folder: string, dataFolder: string): Promise<void> {
  const extensions = join(dataFolder, 'extensions');
  await mkdir(extensions, { recursive: true });
  // VS Code scans the folder only if this list is absent.
  await rm(join(extensions, 'extensions.json'), { force: true });
  const link = join(extensions, name);
  await rm(link, { force: true });
  await symlink(folder, link, 'junction');
}

function serverArguments(options: ServeOptions): string[] {
  const { dataFolder, installExtension, restricted = false, reconnectSeconds } = options;
  const args = ['--accept-server-license-terms', '--disable-telemetry', '--disable-getting-started-override'];
  // Lets a page report test results. It also keeps the web worker's frame on this origin; otherwise VS Code loads it
  // from the Internet.
  args.push(
    '--enable-smoke-test-driver',
    '--server-data-dir',
    dataFolder,
    '--extensions-dir',
    join(dataFolder, 'extensions'),
  );
  if (!restricted) args.push('--disable-workspace-trust');
  if (reconnectSeconds !== undefined) args.push('--reconnection-grace-time', String(reconnectSeconds));
  if (installExtension) args.push('--install-extension', installExtension, '--start-server');
  return args;
}

/**
 * Removes the variables of VS Code and npm, which would make the server behave as their child process. Points TMPDIR at
 * a folder that is removed later, because VS Code leaves its sockets behind; it would prefer XDG_RUNTIME_DIR.
 */
function serverEnvironment(temporary: string): NodeJS.ProcessEnv {
  const foreign = /^(VSCODE_|ELECTRON_|npm_|NODE_OPTIONS|VITEST|XDG_RUNTIME_DIR)/i;
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name))),
    TMPDIR: temporary,
  };
}

async function isReady({ hasEnded }: Running, { port }: Gate, token: string): Promise<boolean> {
  for (const end = Date.now() + startLimitMs; !hasEnded() && Date.now() < end; await delay(100))
    if (await answers(port, token)) return true;
  return false;
}

async function answers(port: number, token: string): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/version?tkn=${token}`, {
      signal: AbortSignal.timeout(2000),
    });
    return response.ok;
  } catch {
    return false; // The server does not listen yet.
  }
}
