import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtFiles, loadedFiles } from './loadedFiles';
import { noticesOf } from './notices';
import { shippedPackages } from './shipped';

const folder = 'dist/npm';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly engines: { readonly node: string };
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

/**
 * Packs the command line for npm: the programs of a production build, without the extension and its views. ONNX Runtime
 * is an optional dependency, so a platform without it, or `--omit=optional`, gives a `margin` that runs no model.
 *
 * @param build the folder of the production build
 * @returns the tarball
 */
export function packCli(build: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'dist'), { recursive: true });
  const programs = filesOfPrograms(build);
  for (const name of programs) cpSync(join(build, name), join(folder, 'dist', name));
  // npm keeps the modes of files, and they decide the bytes of the tarball.
  for (const name of programs) chmodSync(join(folder, 'dist', name), name === 'cli.js' ? 0o755 : 0o644);
  const { name, version, license, engines, bin, dependencies } = readManifest();
  writeFileSync(
    join(folder, 'package.json'),
    `${JSON.stringify(
      {
        name,
        version,
        license,
        engines,
        bin,
        description: 'Check, convert, score and train on preference pairs from the command line.',
        // It keeps `npm publish` from publishing by mistake; see README.md.
        private: true,
        files: ['dist', 'ThirdPartyNotices.txt'],
        optionalDependencies: dependencies,
      },
      null,
      2,
    )}\n`,
  );
  for (const [from, to] of [['LICENSE', 'LICENSE'] as const, ['src/dev/ship/cli.md', 'README.md'] as const])
    cpSync(from, join(folder, to));
  writeFileSync(join(folder, 'ThirdPartyNotices.txt'), noticesOf(shippedPackages(build, false)));
  const shell = process.platform === 'win32';
  execFileSync('npm', ['pack', '--silent', '--pack-destination', '..'], { cwd: folder, shell, stdio: 'ignore' });
  return `dist/${name}-${version}.tgz`;
}

/** All files but those that only the extension loads. */
function filesOfPrograms(build: string): readonly string[] {
  const files = builtFiles(build);
  const ofExtension = loadedFiles(files, /^(extension|part-later-\w+)\.js$/);
  const ofOthers = new Set(loadedFiles(files, /^(?!extension\.|part-)\w+\.js$/));
  return readdirSync(build)
    .filter((name) => /\.(js|br)$/.test(name))
    .filter((name) => !ofExtension.includes(name) || ofOthers.has(name));
}

function readManifest(): Manifest {
  return JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
}
