import { posix } from 'node:path';
import { isMarksName } from '../../pairs/marks/marksName';

/** The most files that are read. Each costs an open, a read of its start and a row of the list. */
const maxLooked = 500;

/**
 * Endings of names in order of priority. First come files that Margin reads, last those that usually hold something
 * else.
 */
const order = ['.jsonl', '.ndjson', '.gz', '.zst', '.bz2', '.xz', '.parquet', '.csv', '.tsv', '.json'];

/**
 * The files of a workspace to read: by {@link order}, then the nearest to the root, then by path. So each call picks
 * the same files. Marks files are none of them.
 *
 * @param paths relative to the workspace, with `/` as VS Code writes relative paths on every system
 * @returns at most `limit` paths, and the number of the others
 */
export function candidates(
  paths: readonly string[],
  limit = maxLooked,
): { readonly looked: readonly string[]; readonly more: number } {
  const data = paths.filter((path) => !isMarksName(path));
  const ranked = data.map((path) => ({ path, rank: rankOf(path), depth: path.split(posix.sep).length }));
  ranked.sort((a, b) => a.rank - b.rank || a.depth - b.depth || (a.path < b.path ? -1 : 1));
  return { looked: ranked.slice(0, limit).map(({ path }) => path), more: Math.max(0, data.length - limit) };
}

/** All folders above the files, each with the number of files in it and below; the fullest first. */
export function foldersOf(paths: readonly string[]): readonly { readonly folder: string; readonly files: number }[] {
  const counts = new Map<string, number>();
  for (const path of paths) {
    for (let at = path.indexOf(posix.sep); at >= 0; at = path.indexOf(posix.sep, at + 1)) {
      const folder = path.slice(0, at);
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
  }
  const folders = [...counts].map(([folder, files]) => ({ folder, files }));
  return folders.sort((a, b) => b.files - a.files || (a.folder < b.folder ? -1 : 1));
}

function rankOf(path: string): number {
  const rank = order.indexOf(posix.extname(path).toLowerCase());
  return rank < 0 ? order.length : rank;
}
