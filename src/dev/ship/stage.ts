import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { noticesOf } from './notices';
import { marketplacePage } from './readme';
import { shippedBom } from './sbom';
import { shippedPackages } from './shipped';
import { nativeFiles, runtimeScripts, type Target } from './targets';

/** What is packed is collected here, so that the development build in `dist` stays as it is. */
const folder = 'dist/package';

const documents = ['package.json', 'CHANGELOG.md', 'LICENSE', '.vscodeignore', 'media'];

/** Collects what all targets share: the production build, the documents and media. @returns the folder */
export function stageCommon(): string {
  rmSync(folder, { recursive: true, force: true });
  execFileSync(process.execPath, ['esbuild.mjs', '--production', join(folder, 'dist')], { stdio: 'inherit' });
  for (const path of documents) cpSync(path, join(folder, path), { recursive: true });
  const page = readFileSync('src/dev/ship/marketplace.md', 'utf8');
  writeFileSync(join(folder, 'README.md'), marketplacePage(page, process.env['MARGIN_PICTURES_URL'] ?? null));
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

/** Writes what the package holds of others: their licences, and the list for machines. @param npm what `npmBom` gave */
export function stageNotices(target: Target, npm: string): void {
  const packages = shippedPackages(join(folder, 'dist'), target.runtime !== null);
  writeFileSync(join(folder, 'ThirdPartyNotices.txt'), noticesOf(packages));
  writeFileSync(join(folder, 'sbom.cdx.json'), shippedBom(npm, packages));
}

/** Gives every file the same mode on every machine, because a zip file holds the modes. */
export function setModes(): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) chmodSync(join(entry.parentPath, entry.name), entry.name === 'cli.js' ? 0o755 : 0o644);
}
