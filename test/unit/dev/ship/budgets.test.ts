import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { budgets, overBudget } from '../../../../src/dev/ship/budgets';

const folder = mkdtempSync(join(tmpdir(), 'margin-budgets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the files of a package', () => {
  it('keep their budgets', () => {
    const build = join(folder, 'production');
    execFileSync(process.execPath, ['esbuild.mjs', '--production', build], { stdio: 'inherit' });
    expect(overBudget(build)).toEqual([]);
  });

  it('are each in one budget', () => {
    const names = [
      'extension.js',
      'yaml.js',
      'threads.js',
      'trackersThread.js',
      'cli.js',
      'languages.js',
      'web/extension.js',
    ];
    const fits = names.map((name) => budgets.filter(({ files }) => files.test(name)).length);
    expect(fits).toEqual(names.map(() => 1));
  });

  it('that are too large are named with their bytes and what to do', () => {
    const build = join(folder, 'small');
    mkdirSync(join(build, 'webview'), { recursive: true });
    writeFileSync(join(build, 'a.js'), 'x'.repeat(11));
    writeFileSync(join(build, 'webview/b.js'), 'x'.repeat(10));
    writeFileSync(join(build, 'c.txt'), '');
    const limits = [
      { name: 'the start', files: /^a\.js$/, bytes: 10, advice: 'Do less.' },
      { name: 'the views', files: /^webview\//, bytes: 10, advice: 'Do less.' },
    ];
    expect(overBudget(build, limits)).toEqual([
      'c.txt has no budget: add it to one in src/dev/ship/budgets.ts.',
      'the start: 11 bytes, and at most 10 are allowed (a.js 11). Do less.',
    ]);
  });
});
