import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { npmBom } from './sbom';
import { setModes, stageNotices, stageRuntime } from './stage';
import { type Target, vsixFile } from './targets';

/**
 * The time of all entries, so that two builds of one commit have the same bytes: the first that a zip file can hold.
 * vsce sorts the entries if this variable is set.
 */
const epoch = Date.UTC(1980, 0, 1) / 1000;

export interface Packed {
  readonly target: Target;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Packs the extension for each target into `dist/margin-TARGET.vsix`.
 *
 * @param folder what `stageCommon` collected
 * @param preRelease marks the packages for the Marketplace's pre-release channel
 * @param done called after each package
 */
export function packVsix(
  folder: string,
  targets: readonly Target[],
  preRelease: boolean,
  done: (packed: Packed) => void,
): void {
  const npm = npmBom();
  for (const target of targets) {
    stageRuntime(target);
    stageNotices(target, npm);
    setModes();
    const file = vsixFile(target);
    rmSync(file, { force: true });
    runVsce(folder, [
      'package',
      ...(target.runtime === null ? [] : ['--target', target.name]),
      ...(preRelease ? ['--pre-release'] : []),
      '--no-dependencies',
      '--allow-missing-repository',
      '--no-rewrite-relative-links',
      '--out',
      resolve(file),
    ]);
    const content = readFileSync(file);
    done({ target, file, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') });
  }
}

/** A zip file holds local times and vsce sorts names by the language, so both are fixed. */
function runVsce(folder: string, argv: readonly string[]): void {
  execFileSync(process.execPath, [resolve('node_modules/@vscode/vsce/vsce'), ...argv], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch), TZ: 'UTC', LC_ALL: 'en_US.UTF-8' },
  });
}
