import { join } from 'node:path';
import { launchBrowser } from '../../src/cli/workbench/browser';
import { installWorkbench } from '../../src/cli/workbench/install';
import { serve } from '../../src/cli/workbench/serve';
import { makeWorkspace } from './workspace';

const limitMs = 300_000;

/** Runs dist/test/integration.js inside the extension host of VS Code in a headless browser; the exit code is the suite's. */
async function main(): Promise<number> {
  const workbench = await installWorkbench(console.log);
  const { root, folder, remove } = makeWorkspace('integration');
  const server = await serve(workbench, { dataFolder: join(root, 'server'), testDriver: true });
  const { context, page } = await launchBrowser(join(root, 'browser'));
  try {
    const exit = new Promise<number>((resolve) => {
      void page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
      page.on('crash', () => resolve(1));
      setTimeout(() => resolve(1), limitMs).unref();
    });
    await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => report(args));
    const here = process.cwd();
    await page.goto(
      server.url(folder, [
        ['extensionDevelopmentPath', server.uri(here)],
        ['extensionTestsPath', server.uri(join(here, 'dist/test/integration'))],
        ['skipWelcome', 'true'],
      ]),
    );
    return await exit;
  } finally {
    await context.close();
    await server.stop();
    remove();
  }
}

/** The extension host's console arrives as printf arguments, styled with `%c`; what is the workbench's own talk is left out. */
function report(args: readonly unknown[]): void {
  const [format, ...rest] = args.map((part) => (typeof part === 'string' ? part : JSON.stringify(part)));
  if (format === undefined || /^%c( INFO|\s*TRACE|\s*ERR|\s*WARN)|^\[(agent|chat|mcp)/i.test(format)) return;
  const text = format.replace(/^%c\[Extension Host\] %c/, '');
  console.log((text === format ? format : text + rest.slice(2).join(' ')).replaceAll('%s', () => rest.shift() ?? ''));
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
