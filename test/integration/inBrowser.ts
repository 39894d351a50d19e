import { join } from 'node:path';
import { launchBrowser } from '../../src/dev/workbench/browser';
import { installWorkbench } from '../../src/dev/workbench/install';
import { serve, type Server } from '../../src/dev/workbench/serve';
import { mark } from './say';
import { makeWorkspace } from './workspace';

const limitMs = 300_000;

/**
 * Runs dist/test/integration.js in the extension host of VS Code in a headless browser.
 *
 * @returns the exit code of the suite
 */
async function main(): Promise<number> {
  const workbench = await installWorkbench(console.log, 'dist');
  const { root, folder, data, remove } = makeWorkspace('integration');
  const server = await serve(workbench, { dataFolder: data });
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void server.stop().finally(() => process.exit(1)));
  try {
    return await runSuite(server, root, folder);
  } finally {
    await server.stop();
    remove();
  }
}

async function runSuite(server: Server, root: string, folder: string): Promise<number> {
  const { context, page } = await launchBrowser(join(root, 'browser'));
  const exit = new Promise<number>((resolve, reject) => {
    page.exposeFunction('codeAutomationExit', (code: number) => resolve(code)).catch(reject);
    page.on('crash', () => reject(new Error('The browser page crashed')));
    setTimeout(() => reject(new Error(`No result after ${limitMs / 1000} s`)), limitMs).unref();
  });
  await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => report(args));
  const here = process.cwd();
  await page.goto(
    server.url(folder, [
      ['extensionDevelopmentPath', server.uri(here)],
      ['extensionTestsPath', server.uri(join(here, 'dist/test/integration.js'))],
      ['skipWelcome', 'true'],
    ]),
  );
  try {
    return await exit;
  } finally {
    await context.close();
  }
}

const otherLines: string[] = [];

/**
 * Receives the console of the extension host and the workbench. Prints the lines of the tests, and keeps the others for
 * a failed suite.
 */
function report(args: readonly unknown[]): void {
  const text = args.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' ');
  const at = text.indexOf(mark);
  if (at >= 0) console.log(text.slice(at + mark.length));
  else otherLines.push(text);
}

main().then(
  (code) => {
    if (code !== 0) console.log(`The workbench's own log:\n${otherLines.join('\n').slice(-3000)}`);
    process.exit(code);
  },
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
