import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { installWorkbench, type Workbench } from '../../src/dev/workbench/install';
import { serve, type Server } from '../../src/dev/workbench/serve';

/** VS Code's server of one worker of Vitest, which its test files use one after the other. */
export interface SharedServer {
  readonly pid: number;
  /** The address of the workbench, without a folder. */
  readonly address: string;
  /** The server's data folder: settings, backups, state of workspaces. */
  readonly data: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** A server for each worker. A server has one file of user settings, so two test files cannot share it. */
    readonly servers: readonly SharedServer[];
  }
}

/**
 * Starts VS Code's servers with the extension of this checkout, once for all test files. Vitest calls it before the
 * tests.
 *
 * @returns what stops the servers, which Vitest calls after the tests
 */
export async function setup({ provide, config }: TestProject): Promise<() => Promise<void>> {
  const root = mkdtempSync(join(tmpdir(), 'margin-servers-'));
  // Node keeps what it compiled here, so extension hosts, trainers and command lines start sooner.
  process.env['NODE_COMPILE_CACHE'] = join(root, 'compiled');
  const workbench = await installWorkbench(console.log, 'dist');
  const folders = Array.from({ length: Number(config.maxWorkers) }, (_, i) => join(root, String(i)));
  const servers = await Promise.all(folders.map((data) => start(workbench, data)));
  provide(
    'servers',
    servers.map(({ server, data }) => ({ pid: server.pid, address: server.url(''), data })),
  );
  return async () => {
    await Promise.all(servers.map(({ server }) => server.stop()));
    // Trainers that end just now may still write what they compiled.
    rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
}

async function start(workbench: Workbench, data: string): Promise<{ server: Server; data: string }> {
  const server = await serve(workbench, {
    dataFolder: data,
    linkExtensions: { 'margin.margin-checkout': process.cwd() },
    // Where the user settings say so.
    restricted: true,
    // A browser that is closed does not tell the server.
    reconnectSeconds: 30,
  });
  return { server, data };
}
