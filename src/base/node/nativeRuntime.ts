import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { MarginError } from '../pure/marginError';

/** The npm package with native files for all platforms; a package of Margin holds those of one platform, or none. */
const runtimePackage = 'onnxruntime-node';

/**
 * The error of a Margin that was packed or installed without ONNX Runtime, or with one that does not load here.
 *
 * @param reason why it did not load, for the log
 */
export function noRuntime(reason: string): MarginError {
  const platform = `${process.platform}-${process.arch}`;
  return new MarginError(
    'no-runtime',
    `This installation of Margin has no ONNX Runtime for ${platform}, so it cannot train, score or generate by itself. ` +
      'It can edit, check, compare and convert pairs, and train with backend "trl". ' +
      'For the rest, install the package of Margin for your platform; ' +
      `for the command line, install ${runtimePackage} beside it.`,
    { platform, reason },
  );
}

/**
 * Looks for ONNX Runtime's files without loading them, so that a person hears of it before a long dialog.
 *
 * @param programs the folder of the bundles, which look for packages from there
 * @throws MarginError `no-runtime`
 */
export function requireRuntime(programs: string): void {
  const binding = join('bin', 'napi-v6', process.platform, process.arch, 'onnxruntime_binding.node');
  const folder = runtimeFolder(programs);
  if (folder === null) throw noRuntime(`${runtimePackage} is not installed`);
  if (!existsSync(join(folder, binding))) throw noRuntime(`${join(folder, binding)} does not exist`);
}

function runtimeFolder(programs: string): string | null {
  try {
    return dirname(createRequire(join(programs, 'cli.js')).resolve(`${runtimePackage}/package.json`));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}
