import { runTests } from '@vscode/test-electron';
import { join } from 'node:path';
import { makeWorkspace } from './workspace';

/** Runs the suite in desktop VS Code: the one at `VSCODE_PATH`, or a downloaded stable version. */
async function main(): Promise<number> {
  const { data, folder, remove } = makeWorkspace('desktop');
  const executable = process.env['VSCODE_PATH'];
  try {
    return await runTests({
      ...(executable ? { vscodeExecutablePath: executable } : {}),
      extensionDevelopmentPath: process.cwd(),
      extensionTestsPath: join(process.cwd(), 'dist/test/integration.js'),
      launchArgs: [folder, '--user-data-dir', join(data, 'data'), '--disable-extensions'],
    });
  } finally {
    remove();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
