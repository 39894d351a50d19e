import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { engines, version } from '../../../package.json';
import { quietSettings } from './settings';

/** Workspace settings of the sample. They also apply in the user's own VS Code. */
const sampleSettings = {
  'margin.walkthrough.openOnInstall': false,
  'workbench.editorAssociations': { '*.jsonl': 'margin.pairs' },
};

/**
 * Writes the manifest of the extension that opens the first view.
 *
 * @param programs the folder of esbuild.mjs's output
 * @returns the extension's folder
 */
export function firstViewExtension(programs: string): string {
  const folder = join(programs, 'firstView');
  const manifest = {
    name: 'margin-first-view',
    publisher: 'margin',
    version,
    engines: { vscode: engines.vscode },
    main: './extension.js',
    extensionKind: ['workspace'],
    extensionDependencies: ['margin.margin'],
    // Not onStartupFinished, which comes seconds later.
    activationEvents: ['*'],
    startedAt: Date.now(),
  };
  writeJson(join(folder, 'package.json'), manifest);
  return folder;
}

/** Writes the settings of the server and the sample. Keeps files that exist: the user may have changed them. */
export function writeFirstSettings(serverData: string, sample: string): void {
  const settings = [
    [join(serverData, 'data/User/settings.json'), quietSettings],
    [join(sample, '.vscode/settings.json'), sampleSettings],
  ] as const;
  for (const [file, content] of settings) if (!existsSync(file)) writeJson(file, content);
}

function writeJson(file: string, content: object): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, undefined, 2)}\n`);
}
