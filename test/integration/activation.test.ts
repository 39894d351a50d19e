import { deepEqual, equal, ok } from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { performance } from 'node:perf_hooks';
import { commands, extensions } from 'vscode';
import { say } from './say';
import { until } from './until';

describe('activation', () => {
  const extension = () => {
    const found = extensions.getExtension('margin.margin');
    ok(found, 'VS Code does not know the extension margin.margin');
    return found;
  };

  it('waits for data, runs or a view: an empty folder does not start the extension', async () => {
    equal(extension().isActive, false);
    await commands.executeCommand('margin.runs.focus');
    await until('the Runs view starts it', () => extension().isActive);
  });

  it('registers the commands that package.json declares, and no others', async () => {
    await extension().activate();
    const { contributes } = extension().packageJSON as { contributes: { commands: { command: string }[] } };
    const declared = contributes.commands.map(({ command }) => command).sort();
    const views = /^margin\.(?:datasets|runs|curves)\./;
    const registered = (await commands.getCommands(true)).filter((id) => id.startsWith('margin.') && !views.test(id));
    deepEqual(registered.sort(), declared);
  });

  it('loads a single file of Margin, and nothing of the engine', async () => {
    const margin = extension();
    const start = performance.now();
    const wasActive = margin.isActive;
    await margin.activate();
    say(`activation: ${(performance.now() - start).toFixed(1)} ms${wasActive ? ' (already active)' : ''}`);
    const folder = realpathSync(margin.extensionPath);
    const loaded = Object.keys(require.cache).map((file) => relative(folder, file));
    deepEqual(
      loaded.filter((file) => /^dist.(?!test)/.test(file)),
      [join('dist', 'extension.js')],
    );
    ok(!loaded.some((file) => file.includes('onnxruntime')));
  });
});
