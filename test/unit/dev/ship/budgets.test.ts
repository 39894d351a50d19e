import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { must } from '../../../../src/base/pure/must';
import { budgets, overBudget, startFile } from '../../../../src/dev/ship/budgets';
import { builtFiles, loadedFiles } from '../../../../src/dev/ship/loadedFiles';

const folder = mkdtempSync(join(tmpdir(), 'margin-budgets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const build = join(folder, 'production');
beforeAll(() => {
  execFileSync(process.execPath, ['esbuild.mjs', '--production', build], { stdio: 'inherit' });
}, 300_000);

describe('what the extension loads when Margin starts', () => {
  const modules = (): readonly string[] => {
    const files = builtFiles(build);
    return loadedFiles(files, startFile).flatMap((file) => must(files[file], file).modules);
  };
  /** What runs, and a few providers that answer at once, need. All else is loaded when it is asked for. */
  const needed = [
    /^package\.json$/,
    /^src\/extension\.ts$/,
    /^src\/base\//,
    /^src\/run\//,
    /^src\/web\/areVirtual\.ts$/,
    // Texts of rows that are open as files.
    /^src\/pairs\/(own\/|suspects\/verdictText|\w+\.ts$)/,
    /^src\/editor\/slices\.ts$/,
    /^src\/protocol\/viewPage\.ts$/,
    /^src\/host\/\w+\.ts$/,
    /^src\/host\/(runs|parts|rowText)\//,
    /^src\/host\/(agentTools\/(registerAgentTools|toolNames)|commands\/commandIds|lineRewards\/line(Files|Hover))\.ts$/,
    /^src\/host\/(pairEditor\/editedText|train\/trainerProgram|trainForm\/(register|trainFormProvider))\.ts$/,
  ];

  it('follows runs, and has no view, command, format, check or query', () => {
    expect(modules().length).toBeGreaterThan(50);
    expect(modules().filter((path) => !needed.some((one) => one.test(path)))).toEqual([]);
    expect(modules()).not.toContain('src/host/parts/parts.ts');
    expect(modules()).not.toContain('src/pairs/readPair.ts');
  });
});

describe('what a program loads', () => {
  const files = {
    'a.js': { modules: ['src/a.ts'], imports: ['b.js'] },
    'b.js': { modules: ['src/b.ts'], imports: ['c.js', 'a.js'] },
    'c.js': { modules: ['src/c.ts'], imports: [] },
    'd.js': { modules: ['src/d.ts'], imports: ['c.js'] },
  };

  it('is its file, and the files that these load', () => {
    expect(loadedFiles(files, /^a\.js$/)).toEqual(['a.js', 'b.js', 'c.js']);
    expect(() => loadedFiles(files, /^e\.js$/)).toThrow('no file');
  });

  it('is no code of VS Code for the command line', () => {
    const built = builtFiles(build);
    const modules = loadedFiles(built, /^cli\.js$/).flatMap((file) => must(built[file], file).modules);
    expect(modules).toContain('src/cli/main.ts');
    expect(modules.filter((path) => path.startsWith('src/host/'))).toEqual([]);
  });
});

describe('the files of a package', () => {
  it('keep their budgets', () => expect(overBudget(build)).toEqual([]));

  it('are each in one budget', () => {
    const names = [
      'extension.js',
      'part-chunk-ABC.js',
      'part-later-ABC.js',
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
    expect(overBudget(small, limits, [])).toEqual([
      'c.txt has no budget: add it to one in src/dev/ship/budgets.ts.',
      'the start: 11 bytes, and at most 10 are allowed (a.js 11). Do less.',
    ]);
  });
});
