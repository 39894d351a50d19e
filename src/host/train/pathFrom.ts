import { isAbsolute, relative } from 'node:path';

/** Steps up the tree, at most, of a relative path. A model in a cache far away is named by its absolute path. */
const mostStepsUp = 2;

/** A path as a config in a folder names it: relative with `/` if it is near, else absolute. */
export function pathFrom(folder: string, path: string): string {
  const near = relative(folder, path).replaceAll('\\', '/');
  if (near === '') return '.';
  const isFar = isAbsolute(near) || near.startsWith('../'.repeat(mostStepsUp + 1));
  return isFar ? path : near;
}
