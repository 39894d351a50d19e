import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { must } from '../../src/base/pure/must';
import { version } from '../../package.json';
import { mostBytesOfPackage } from '../../src/dev/ship/budgets';
import { Workbench } from './driver';

const platform = `${process.platform}/${process.arch}`;
const target = `${process.platform}-${process.arch}`;
const vsix = resolve(`dist/margin-${target}.vsix`);
const universal = resolve('dist/margin-universal.vsix');
const tarball = resolve(`dist/margin-${version}.tgz`);

/** The exact files of the package. `*` matches part of a name. */
const allowed = [
  '[Content_Types].xml',
  'extension.vsixmanifest',
  'extension/package.json',
  'extension/readme.md',
  'extension/changelog.md',
  'extension/LICENSE.txt',
  'extension/ThirdPartyNotices.txt',
  'extension/sbom.cdx.json',
  'extension/dist/checkLines.js',
  'extension/dist/printThread.js',
  'extension/dist/cli.js',
  'extension/dist/bulkThread.js',
  'extension/dist/checkThread.js',
  'extension/dist/columnThread.js',
  'extension/dist/languages.js',
  'extension/dist/decodeThread.js',
  'extension/dist/eventsThread.js',
  'extension/dist/extension.js',
  'extension/dist/web/extension.js',
  'extension/dist/fzstd.js',
  'extension/dist/indexThread.js',
  'extension/dist/measureThread.js',
  'extension/dist/parquetProcess.js',
  'extension/dist/part-*.js',
  'extension/dist/queue.js',
  'extension/dist/searchThread.js',
  'extension/dist/sql-wasm.wasm.br',
  'extension/dist/threads.js',
  'extension/dist/tokens.js',
  'extension/dist/trackersThread.js',
  'extension/dist/trainer.js',
  'extension/dist/yaml.js',
  'extension/dist/webview/agreement.css',
  'extension/dist/webview/agreement.js',
  'extension/dist/webview/chat.css',
  'extension/dist/webview/chat.js',
  'extension/dist/webview/codicon.css',
  'extension/dist/webview/codicon.ttf',
  'extension/dist/webview/duplicates.css',
  'extension/dist/webview/duplicates.js',
  'extension/dist/webview/modelComparison.css',
  'extension/dist/webview/modelComparison.js',
  'extension/dist/webview/pairEditor.css',
  'extension/dist/webview/pairEditor.js',
  'extension/dist/webview/round.css',
  'extension/dist/webview/round.js',
  'extension/dist/webview/runComparison.css',
  'extension/dist/webview/runComparison.js',
  'extension/dist/webview/runPanel.css',
  'extension/dist/webview/runPanel.js',
  'extension/dist/webview/shared/chunk-*.js',
  'extension/dist/webview/shared/drawText-*.js',
  'extension/dist/webview/statistics.css',
  'extension/dist/webview/statistics.js',
  'extension/dist/webview/suspects.css',
  'extension/dist/webview/suspects.js',
  'extension/dist/webview/sweep.css',
  'extension/dist/webview/sweep.js',
  'extension/dist/webview/tokenRewards.css',
  'extension/dist/webview/tokenRewards.js',
  'extension/dist/webview/trainForm.css',
  'extension/dist/webview/trainForm.js',
  'extension/dist/node_modules/onnxruntime-common/package.json',
  'extension/dist/node_modules/onnxruntime-common/dist/cjs/*.js',
  'extension/dist/node_modules/onnxruntime-node/package.json',
  'extension/dist/node_modules/onnxruntime-node/dist/*.js',
  `extension/dist/node_modules/onnxruntime-node/bin/napi-v6/${platform}/*`,
  'extension/media/icon.png',
  'extension/media/icons/*.svg',
  'extension/media/rules.md',
  'extension/media/trl/runner.py',
  'extension/media/row.schema.json',
  'extension/media/train.schema.json',
  'extension/media/walkthrough/*.svg',
  'extension/media/sample/README.md',
  'extension/media/sample/guard.txt',
  'extension/media/sample/heldout.jsonl',
  'extension/media/sample/kind.rule.json',
  'extension/media/sample/planted.json',
  'extension/media/sample/prefs.jsonl',
  'extension/media/sample/sample.train.json',
  'extension/media/sample/model/*',
].map((pattern) => ({
  pattern,
  isRuntime: pattern.startsWith('extension/dist/node_modules/'),
  matches: new RegExp(`^${pattern.replaceAll(/[.[\]/]/g, '\\$&').replaceAll('*', '[^/]*')}$`),
}));

/**
 * Reads the names and packed bytes in a zip file's central directory (APPNOTE.TXT 4.3.12: packed bytes at offset 20,
 * lengths at 28, 30 and 32, the name at 46).
 */
function entriesOfZip(file: string): { readonly name: string; readonly packed: number }[] {
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const count = bytes.readUInt16LE(end + 10);
  const entries: { name: string; packed: number }[] = [];
  for (let at = bytes.readUInt32LE(end + 16); entries.length < count;) {
    const length = bytes.readUInt16LE(at + 28);
    entries.push({ name: bytes.toString('utf8', at + 46, at + 46 + length), packed: bytes.readUInt32LE(at + 20) });
    at += 46 + length + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

/** The names of a package that the list does not allow, and the patterns of the list that no name fits. */
function compare(file: string, list: typeof allowed): { unexpected: string[]; missing: string[] } {
  const names = entriesOfZip(file).map(({ name }) => name);
  return {
    unexpected: names.filter((name) => !list.some(({ matches }) => matches.test(name))),
    missing: list.filter(({ matches }) => !names.some((name) => matches.test(name))).map(({ pattern }) => pattern),
  };
}

beforeAll(() => {
  execFileSync(process.execPath, ['dist/ship.js', 'package', target, 'universal', 'cli'], { stdio: 'inherit' });
});

describe('the packed extension', () => {
  let workbench: Workbench | undefined;
  const open = (): Workbench => must(workbench, 'the workbench');
  const walkthrough = (): Locator => open().page.locator('.gettingStartedContainer');
  afterAll(() => workbench?.close());

  it('contains exactly the files of the allow-list', () => {
    expect(compare(vsix, allowed)).toEqual({ unexpected: [], missing: [] });
  });

  it('contains no file of ONNX Runtime if it is for every platform', () => {
    const files = allowed.filter(({ isRuntime }) => !isRuntime);
    expect(compare(universal, files)).toEqual({ unexpected: [], missing: [] });
  });

  it('is not larger than the budget beside ONNX Runtime, with the sample', () => {
    const runtime = entriesOfZip(vsix).filter(({ name }) => name.startsWith('extension/dist/node_modules/'));
    const bytes = runtime.reduce((sum, entry) => sum + entry.packed, 0);
    const advice = 'Look for the largest files with unzip -v; see src/dev/ship/budgets.ts.';
    expect(statSync(universal).size, advice).toBeLessThanOrEqual(mostBytesOfPackage);
    expect(statSync(vsix).size - bytes, advice).toBeLessThanOrEqual(mostBytesOfPackage);
  });

  it('has the same bytes when it is packed again', () => {
    const before = readFileSync(universal);
    execFileSync(process.execPath, ['dist/ship.js', 'package', 'universal'], { stdio: 'inherit' });
    expect(readFileSync(universal).equals(before)).toBe(true);
  });

  it('opens its walkthrough after the installation', async () => {
    // What the second start shows must be opened by it, not restored.
    const settings = { 'margin.walkthrough.openOnInstall': true, 'workbench.editor.restoreEditors': false };
    workbench = await Workbench.open({ vsix, settings });
    await walkthrough().getByText('Get started with Margin').first().waitFor();
    await workbench.shoot('installed-walkthrough');
  });

  it('opens no walkthrough on a later start, and opens the sample as pairs', async () => {
    await open().saved('"walkthroughOpened":true');
    await open().command('View: Close All Editors');
    await open().reload();
    await open().activity('Margin').click();
    const view = await open().openPairs('prefs.jsonl');
    await view.locator('.pair-row').first().waitFor();
    expect(await open().page.locator('.tabs-container .tab').allInnerTexts()).toEqual(['prefs\n.jsonl']);
    expect(await walkthrough().count()).toBe(0);
    await open().shoot('installed');
  });
});

describe('the command line for npm', () => {
  const folder = mkdtempSync(join(tmpdir(), 'margin-installed-'));
  const cli = join(folder, 'node_modules/margin/dist/cli.js');
  const sample = resolve('media/sample');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Each Node of PATH with another version. */
  const nodes = (must(process.env['PATH'], 'PATH') + delimiter + dirname(process.execPath))
    .split(delimiter)
    .map((path) => join(path, process.platform === 'win32' ? 'node.exe' : 'node'))
    .filter((path) => existsSync(path))
    .map((path) => [execFileSync(path, ['--version'], { encoding: 'utf8' }).trim(), path] as const);

  beforeAll(() => {
    writeFileSync(join(folder, 'package.json'), '{"name": "empty", "private": true}');
    const argv = ['install', '--offline', '--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund', tarball];
    execFileSync('npm', argv, { cwd: folder, shell: process.platform === 'win32', stdio: 'ignore' });
  });

  it.each([...new Map(nodes)])('runs in an empty folder with Node %s', (_, node) => {
    const run = (...argv: readonly string[]) => spawnSync(node, [cli, ...argv], { cwd: folder, encoding: 'utf8' });
    expect(run('formats')).toMatchObject({ status: 0, stderr: '' });
    expect(run('check', join(sample, 'prefs.jsonl'))).toMatchObject({
      status: 0,
      stderr: expect.stringContaining(' 0 errors') as unknown,
    });
  });

  it('scores and trains when ONNX Runtime is installed beside it', () => {
    for (const name of ['onnxruntime-node', 'onnxruntime-common'])
      symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name), 'junction');
    const run = (...argv: readonly string[]): string => {
      const options = { cwd: folder, encoding: 'utf8' } as const;
      const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...argv, '--json'], options);
      expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
      return stdout;
    };
    const scored = run('score', join(sample, 'heldout.jsonl'), '--model', join(sample, 'model'));
    expect(scored.trim().split('\n').length).toBeGreaterThan(10);
    const config = join(sample, 'sample.train.json');
    expect(run('train', config, '--dry_run')).toContain('"fits":true');
    expect(run('train', config, '--max_steps', '1', '--output_dir', join(folder, 'runs'))).toContain('"status":"done"');
  });
});
