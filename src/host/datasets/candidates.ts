/** Files that are looked at: each costs an open, a read of its start and a place in the list. */
export const maxLooked = 500;

/** Ends of names, those first that Margin reads, those last of which a workspace has many that hold something else. */
const order = ['.jsonl', '.ndjson', '.gz', '.zst', '.bz2', '.xz', '.parquet', '.csv', '.tsv', '.json'];

/**
 * Which files of a workspace to look at: JSON Lines first, then the nearest to its root, then by path, so that the same
 * files are listed each time.
 *
 * @param paths relative to the workspace, with `/`
 * @returns at most `limit`, and how many more there are
 */
export function candidates(
  paths: readonly string[],
  limit = maxLooked,
): { readonly looked: readonly string[]; readonly more: number } {
  const ranked = paths.map((path) => ({ path, rank: rankOf(path), depth: path.split('/').length }));
  ranked.sort((a, b) => a.rank - b.rank || a.depth - b.depth || (a.path < b.path ? -1 : 1));
  return { looked: ranked.slice(0, limit).map(({ path }) => path), more: Math.max(0, paths.length - limit) };
}

/** The folders that hold files, each with how many lie in it and below; those with the most first. */
export function foldersOf(paths: readonly string[]): readonly { readonly folder: string; readonly files: number }[] {
  const counts = new Map<string, number>();
  for (const path of paths) {
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
      const folder = path.slice(0, at);
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
  }
  const folders = [...counts].map(([folder, files]) => ({ folder, files }));
  return folders.sort((a, b) => b.files - a.files || (a.folder < b.folder ? -1 : 1));
}

function rankOf(path: string): number {
  const end = path.slice(path.lastIndexOf('.')).toLowerCase();
  const rank = order.indexOf(end);
  return rank < 0 ? order.length : rank;
}
