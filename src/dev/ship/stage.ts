import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nativeFiles, runtimeScripts, type Target } from './targets';

/** What is packed is collected here, so that the development build in `dist` stays as it is. */
const folder = 'dist/package';

const documents = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', '.vscodeignore', 'media'];

/** Collects what all targets share: the production build, the documents and media. @returns the folder */
export function stageCommon(): string {
  rmSync(folder, { recursive: true, force: true });
  execFileSync(process.execPath, ['esbuild.mjs', '--production', join(folder, 'dist')], { stdio: 'inherit' });
  for (const path of documents) cpSync(path, join(folder, path), { recursive: true });
  return folder;
}

/** Replaces the ONNX Runtime of the target before by that of this one, or by none. */
export function stageRuntime(target: Target): void {
  const packages = join(folder, 'dist/node_modules');
  rmSync(packages, { recursive: true, force: true });
  if (target.runtime === null) return;
  const native = nativeFiles(target).map((path) => `onnxruntime-node/${path}`);
  for (const path of [...runtimeScripts, ...native]) {
    mkdirSync(dirname(join(packages, path)), { recursive: true });
    cpSync(join('node_modules', path), join(packages, path), { recursive: true });
  }
}

/** Gives every file the same mode on every machine, because a zip file holds the modes. */
export function setModes(): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) chmodSync(join(entry.parentPath, entry.name), entry.name === 'cli.js' ? 0o755 : 0o644);
}
