import { deepEqual, ok } from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { performance } from 'node:perf_hooks';
import { extensions } from 'vscode';
import { say } from './say';

describe('activation', () => {
  it('loads one file of Margin’s, and nothing of the engine', async () => {
    const margin = extensions.getExtension('margin.margin');
    ok(margin, 'VS Code does not know the extension margin.margin');
    const start = performance.now();
    const wasActive = margin.isActive;
    await margin.activate();
    say(`activation: ${(performance.now() - start).toFixed(1)} ms${wasActive ? ' (was active already)' : ''}`);
    const folder = realpathSync(margin.extensionPath);
    const loaded = Object.keys(require.cache).map((file) => relative(folder, file));
    deepEqual(
      loaded.filter((file) => /^dist.(?!test)/.test(file)),
      [join('dist', 'extension.js')],
    );
    ok(!loaded.some((file) => file.includes('onnxruntime')));
  });
});
