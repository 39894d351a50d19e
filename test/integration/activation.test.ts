import { ok } from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { extensions } from 'vscode';
import { say } from './say';

describe('activation', () => {
  it('takes less than 150 ms', async () => {
    const margin = extensions.getExtension('margin.margin');
    ok(margin, 'VS Code does not know the extension margin.margin');
    const start = performance.now();
    const wasActive = margin.isActive;
    await margin.activate();
    const took = performance.now() - start;
    say(`activation: ${took.toFixed(1)} ms${wasActive ? ' (was active already)' : ''}`);
    ok(took < 150, `activation took ${took.toFixed(1)} ms`);
  });
});
