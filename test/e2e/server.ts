import { inject } from 'vitest';
import { at } from '../../src/base/pure/must';
import { installWorkbench } from '../../src/dev/workbench/install';
import { serve } from '../../src/dev/workbench/serve';
import { writeUserSettings } from '../integration/workspace';

/** VS Code's server as a workbench uses it. */
export interface TestServer {
  readonly pid: number;
  /** The server's data folder: settings, backups, state of workspaces. */
  readonly data: string;
  /** The address that opens a folder. */
  url(folder: string): string;
  /** Ends the server if this workbench started it. */
  stop(): Promise<void>;
}

/**
 * The server of this worker of Vitest, with the extension of this checkout. Replaces its user settings, so no other
 * workbench of this worker may be open.
 */
export function useSharedServer(settings: Readonly<Record<string, unknown>>): TestServer {
  const shared = at(inject('servers'), Number(process.env['VITEST_POOL_ID']) - 1);
  writeUserSettings(shared.data, settings);
  const url = (folder: string): string => {
    const address = new URL(shared.address);
    address.searchParams.set('folder', folder);
    return address.href;
  };
  return { ...shared, url, stop: async () => undefined };
}

/** Starts a server of its own, which installs a packed extension. @param vsix null: it loads this checkout */
export async function serveOwn(vsix: string | null, data: string): Promise<TestServer> {
  const extension =
    vsix === null ? { linkExtensions: { 'margin.margin-checkout': process.cwd() } } : { installExtension: vsix };
  const server = await serve(await installWorkbench(console.log, 'dist'), { dataFolder: data, ...extension });
  return { pid: server.pid, data, url: (folder) => server.url(folder), stop: () => server.stop() };
}
