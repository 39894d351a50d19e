import { spawn } from 'node:child_process';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Workbench } from './install';
import { signalGroup, stopTree } from './processes';

export interface ServeOptions {
  /** Settings, logs and state of the server go here. */
  readonly dataFolder: string;
  readonly extensionsFolder?: string;
  /** A checkout to load as if it were installed: linked into the extensions folder, since the workbench takes a development path for test runs alone. */
  readonly linkExtension?: string;
  /** A VSIX to install before the server starts. */
  readonly installExtension?: string;
  readonly onOutput?: (text: string) => void;
}

export interface Server {
  readonly port: number;
  readonly pid: number;
  /** The workbench with a folder open; `payload` as VS Code's web workbench reads it, e.g. `[["extensionDevelopmentPath", uri]]`. */
  url(folder: string, payload?: readonly (readonly [string, string])[]): string;
  /** A path on this machine as the workbench names it. */
  uri(path: string): string;
  /** Resolves when the server has ended by itself. */
  readonly closed: Promise<void>;
  stop(): Promise<void>;
}

/** Starts VS Code's server on a free local port and waits until the workbench can be opened. Rejects with its output if it ends or is not ready within a minute. */
export async function serve(workbench: Workbench, options: ServeOptions): Promise<Server> {
  if (options.linkExtension !== undefined) await linkExtension(options.linkExtension, extensionsFolderOf(options));
  const port = await freePort();
  const child = spawn(workbench.node, [workbench.server, ...serverArguments(port, options)], { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: serverEnvironment() });
  let output = '';
  let ended = false;
  const closed = new Promise<void>((resolve) => child.on('close', () => resolve(void (ended = true))));
  const collect = (chunk: Buffer) => {
    const text = chunk.toString();
    output = (output + text).slice(-8000);
    options.onOutput?.(text);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  child.on('error', (error) => collect(Buffer.from(String(error))));
  // A program that ends without having stopped the server leaves no server behind.
  const onExit = () => void signalGroup(child.pid ?? 0, 'SIGKILL');
  process.once('exit', onExit);
  const stop = async () => {
    await stopTree(child);
    process.off('exit', onExit);
  };
  for (const end = Date.now() + 60_000; !(await answers(port)); await delay(100)) {
    if (!ended && Date.now() < end) continue;
    await stop();
    throw new Error(`The VS Code server did not start:\n${output}`);
  }
  const uri = (path: string) => `vscode-remote://127.0.0.1:${port}${encodeURI(path.replaceAll('\\', '/'))}`;
  const url = (folder: string, payload: readonly (readonly [string, string])[] = []) =>
    `http://127.0.0.1:${port}/?folder=${encodeURIComponent(folder)}${payload.length > 0 ? `&payload=${encodeURIComponent(JSON.stringify(payload))}` : ''}`;
  return { port, pid: child.pid ?? 0, url, uri, closed, stop };
}

function extensionsFolderOf({ extensionsFolder, dataFolder }: ServeOptions): string {
  return extensionsFolder ?? join(dataFolder, 'extensions');
}

async function linkExtension(checkout: string, extensions: string): Promise<void> {
  await mkdir(extensions, { recursive: true });
  const link = join(extensions, 'margin.margin-checkout');
  await rm(link, { force: true });
  await symlink(checkout, link, 'junction');
}

function serverArguments(port: number, options: ServeOptions): string[] {
  const extensions = extensionsFolderOf(options);
  const args = ['--host', '127.0.0.1', '--port', String(port), '--without-connection-token', '--accept-server-license-terms', '--disable-workspace-trust', '--disable-telemetry'];
  // Besides letting a page report test results, this keeps the web worker's frame on this origin: else it would be fetched from the Internet.
  args.push('--enable-smoke-test-driver', '--server-data-dir', options.dataFolder, '--extensions-dir', extensions);
  if (options.installExtension) args.push('--install-extension', options.installExtension, '--start-server');
  return args;
}

/** Variables that VS Code itself or npm set for their children would make the server take itself for one of them. */
function serverEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|npm_|NODE_OPTIONS|VITEST)/i.test(name)));
}

async function answers(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/version`, { signal: AbortSignal.timeout(2000) });
    return response.ok;
  } catch {
    return false; // Not listening yet.
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
