import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, must } from '../../base/pure/must';

/** A file of a production build, as `esbuild.mjs` describes it in the build's `modules.json`. */
export interface BuiltFile {
  /** Its sources, from the root of the checkout. */
  readonly modules: readonly string[];
  /** The files of the build that it loads at once. */
  readonly imports: readonly string[];
}

/** The files of a build by their paths in it, with `/`. */
export type BuiltFiles = Readonly<Record<string, BuiltFile>>;

/** @param build the folder of a production build */
export function builtFiles(build: string): BuiltFiles {
  return JSON.parse(readFileSync(join(build, 'modules.json'), 'utf8')) as BuiltFiles;
}

/**
 * The files whose names fit, and all that they load at once.
 *
 * @throws Error if no name fits; MarginError `missing` if a file loads one that the build does not describe
 */
export function loadedFiles(files: BuiltFiles, names: RegExp): readonly string[] {
  const found = Object.keys(files).filter((name) => names.test(name));
  if (found.length === 0) throw new Error(`The build has no file ${String(names)}.`);
  for (let i = 0; i < found.length; i++) {
    const { imports } = must(files[at(found, i)], at(found, i));
    for (const name of imports) if (!found.includes(name)) found.push(name);
  }
  return found;
}
