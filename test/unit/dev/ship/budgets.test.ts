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
