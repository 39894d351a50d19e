import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { budgets, overBudget, startFiles } from '../../../../src/dev/ship/budgets';

const folder = mkdtempSync(join(tmpdir(), 'margin-budgets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const build = join(folder, 'production');
beforeAll(() => {
  execFileSync(process.execPath, ['esbuild.mjs', '--production', build], { stdio: 'inherit' });
}, 300_000);

describe('what the extension loads when Margin starts', () => {
  const modules = (): readonly string[] => {
    const files = JSON.parse(readFileSync(join(build, 'modules.json'), 'utf8')) as Record<string, string[]>;
    return Object.entries(files).flatMap(([file, sources]) => (startFiles.test(file) ? sources : []));
  };
  /** Folders of work that other programs do, and what a person has to ask for first. */
  const wanted =
    /^(src\/(hub|model|engine|graph|reward|train|export|cli|rounds)\/|src\/host\/commands\/handlers|webview\/)/;

  it('has no code of a command, a form, a pair view, a model or the Hub', () => {
    const views = ['src/host/pairEditor/pairView.ts', 'src/host/trainForm/trainForm.ts'];
    expect(modules().filter((path) => wanted.test(path) || views.includes(path))).toEqual([]);
  });

  it('has of libraries only the reader of the outline of Parquet files', () => {
    const packages = modules().flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
    expect([...new Set(packages)]).toEqual(['hyparquet']);
  });
});

describe('the files of a package', () => {
  it('keep their budgets', () => expect(overBudget(build)).toEqual([]));

  it('are each in one budget', () => {
    const names = [
      'extension.js',
      'extension-chunk-ABC.js',
      'extension-later-ABC.js',
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
    const small = join(folder, 'small');
    mkdirSync(join(small, 'webview'), { recursive: true });
    writeFileSync(join(small, 'a.js'), 'x'.repeat(11));
    writeFileSync(join(small, 'webview/b.js'), 'x'.repeat(10));
    writeFileSync(join(small, 'c.txt'), '');
    const limits = [
      { name: 'the start', files: /^a\.js$/, bytes: 10, advice: 'Do less.' },
      { name: 'the views', files: /^webview\//, bytes: 10, advice: 'Do less.' },
    ];
    expect(overBudget(small, limits)).toEqual([
      'c.txt has no budget: add it to one in src/dev/ship/budgets.ts.',
      'the start: 11 bytes, and at most 10 are allowed (a.js 11). Do less.',
    ]);
  });
});
