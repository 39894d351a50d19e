import { existsSync } from 'node:fs';
import path from 'node:path';
import { must } from '../pure/must';

/** Folders between a source file and the root of a checkout, at most. */
const maxUp = 5;

/**
 * The path of another bundle of Margin, such as `parquetThread.js`. It is in the folder of the bundle that runs. A test
 * that runs from source, or from a bundle of its own, finds it in the `dist` folder above.
 */
export function bundlePath(name: string): string {
  const above = Array.from({ length: maxUp }, (_, up) => path.join(__dirname, ...Array<string>(up).fill('..')));
  const places = above.flatMap((folder) => [path.join(folder, name), path.join(folder, 'dist', name)]);
  return must(
    places.find((place) => existsSync(place)),
    `the bundle ${name}`,
  );
}
