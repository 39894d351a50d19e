import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A package of the extension. `runtime` null: without ONNX Runtime, for all platforms without one of their own. */
export interface Target {
  /** A target of `vsce package --target`, or `universal`. */
  readonly name: string;
  /** Platform and processor as Node names them. */
  readonly runtime: { readonly platform: string; readonly arch: string } | null;
}

const withRuntime = (platform: string, arch: string): Target => ({
  name: `${platform}-${arch}`,
  runtime: { platform, arch },
});

/** The platforms for which onnxruntime-node has native files, and one package for all others, such as darwin-x64. */
export const targets: readonly Target[] = [
  withRuntime('win32', 'x64'),
  withRuntime('win32', 'arm64'),
  withRuntime('linux', 'x64'),
  withRuntime('linux', 'arm64'),
  withRuntime('darwin', 'arm64'),
  { name: 'universal', runtime: null },
];

/** macOS's library under the name with its full version: the same bytes as the one that is loaded. */
const copies = /^libonnxruntime\.\d+\.\d+\.\d+\.dylib$/;

/** The native files of a target, as paths in onnxruntime-node. */
export function nativeFiles({ runtime }: Target): readonly string[] {
  if (runtime === null) return [];
  const folder = `bin/napi-v6/${runtime.platform}/${runtime.arch}`;
  return readdirSync(join('node_modules/onnxruntime-node', folder))
    .filter((name) => !copies.test(name))
    .sort()
    .map((name) => `${folder}/${name}`);
}

/** The files of ONNX Runtime that are JavaScript, as paths in node_modules. */
export const runtimeScripts = [
  'onnxruntime-common/package.json',
  'onnxruntime-common/dist/cjs',
  'onnxruntime-node/package.json',
  'onnxruntime-node/dist',
] as const;

/** Where a target's package is written. */
export function vsixFile({ name }: Target): string {
  return `dist/margin-${name}.vsix`;
}

/** All targets if no name is given. @throws Error if a name is no target's */
export function targetsNamed(names: readonly string[]): readonly Target[] {
  const known = targets.map(({ name }) => name);
  const wrong = names.find((name) => !known.includes(name));
  if (wrong !== undefined) throw new Error(`No target is called ${wrong}. The targets are ${known.join(', ')}.`);
  return names.length === 0 ? targets : targets.filter(({ name }) => names.includes(name));
}
