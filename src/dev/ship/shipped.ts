import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An npm package of which a package of Margin holds code or data. */
export interface Shipped {
  /** Its folder in node_modules; `a/node_modules/b` if it lies in another. */
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly license: string;
  readonly author: string | null;
  /** Its licence files, in the order of their names. */
  readonly texts: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name: string };
}

const runtime = ['onnxruntime-common', 'onnxruntime-node'];

/**
 * What the bundles of a production build hold, and ONNX Runtime.
 *
 * @param build the folder of the build, with the `packages.json` that `esbuild.mjs` writes there
 * @throws Error if a package names no licence
 */
export function shippedPackages(build: string, withRuntime: boolean): readonly Shipped[] {
  const bundled = JSON.parse(readFileSync(join(build, 'packages.json'), 'utf8')) as readonly string[];
  return [...bundled, ...(withRuntime ? runtime : [])].sort().map(readPackage);
}

function readPackage(folder: string): Shipped {
  const path = join('node_modules', folder);
  const { name, version, license, author } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest;
  if (license === undefined) throw new Error(`${path}/package.json names no license`);
  const texts = readdirSync(path)
    .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
    .sort()
    .map((file) => readFileSync(join(path, file), 'utf8').replaceAll('\r\n', '\n').trim());
  return { folder, name, version, license, author: nameOf(author), texts };
}

function nameOf(author: Manifest['author']): string | null {
  if (author === undefined) return null;
  return typeof author === 'string' ? author : author.name;
}
