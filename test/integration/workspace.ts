import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quietSettings } from '../../src/dev/workbench/settings';

/** The folder of the user settings, for VS Code's server and for the desktop with `--user-data-dir FOLDER/data`. */
const userFolder = 'data/User';

/** Settings that keep VS Code from saving, fetching or showing anything that a test did not ask for. */
const testSettings: Readonly<Record<string, unknown>> = {
  ...quietSettings,
  'files.autoSave': 'off',
  'git.enabled': false,
  'margin.walkthrough.openOnInstall': false,
  'security.workspace.trust.enabled': false,
  'window.confirmBeforeClose': 'never',
};

/**
 * Makes an empty workspace and VS Code's data folder with its settings in a temporary folder.
 *
 * @param settings replace or add to the test settings
 */
export function makeWorkspace(
  name: string,
  settings: Readonly<Record<string, unknown>> = {},
): { root: string; folder: string; data: string; remove(): void } {
  const root = mkdtempSync(join(tmpdir(), `margin-${name}-`));
  const folder = join(root, 'workspace');
  const data = join(root, 'server');
  mkdirSync(folder);
  writeUserSettings(data, settings);
  return {
    root,
    folder,
    data,
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}

/** Replaces the user settings in VS Code's data folder by the test settings and `settings`. */
export function writeUserSettings(data: string, settings: Readonly<Record<string, unknown>>): void {
  const user = join(data, userFolder);
  mkdirSync(user, { recursive: true });
  writeFileSync(join(user, 'settings.json'), `${JSON.stringify({ ...testSettings, ...settings }, undefined, 2)}\n`);
}
