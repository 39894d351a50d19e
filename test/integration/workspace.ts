import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Settings under which a test sees only what it does itself: nothing is saved, fetched or shown behind its back. */
export const quietSettings: Readonly<Record<string, unknown>> = {
  'files.autoSave': 'off',
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'margin.walkthrough.openOnInstall': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'window.confirmBeforeClose': 'never',
  'workbench.enableExperiments': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** A fresh folder with a workspace (`folder/workspace`) and room for the server and browser beside it. */
export function makeWorkspace(name: string): { root: string; folder: string; remove(): void } {
  const root = mkdtempSync(join(tmpdir(), `margin-${name}-`));
  const folder = join(root, 'workspace');
  mkdirSync(join(folder, '.vscode'), { recursive: true });
  writeFileSync(join(folder, '.vscode/settings.json'), `${JSON.stringify(quietSettings, undefined, 2)}\n`);
  return { root, folder, remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }) };
}
