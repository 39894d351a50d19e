/** A change on the disk that concerns runs. */
export type RunChange =
  /** A folder that holds run folders, or one above it, appeared. */
  | { readonly kind: 'dir'; readonly dir: string }
  /** A run folder appeared, or one of its small files changed. */
  | { readonly kind: 'run'; readonly dir: string; readonly folder: string };

const home = '.margin';
const runsName = 'runs';
/** Files by which the list of runs changes. Others, such as events.jsonl, change at each step. */
const listedFiles: ReadonlySet<string> = new Set(['config.json', 'state.json', 'scoring.json', 'notes.json']);

/**
 * What a changed path means for the list of runs.
 *
 * @example runChange(['', 'home', '.margin', 'runs', 'a', 'state.json'], '/') → run /home/.margin/runs/a
 *
 * @param parts the path, split at the separator
 * @returns null if the path lies outside of `.margin/runs`, or is a file that no list shows
 */
export function runChange(parts: readonly string[], separator: string): RunChange | null {
  const at = parts.lastIndexOf(home);
  if (at < 0) return null;
  const [inHome, ...below] = parts.slice(at + 1);
  if (inHome !== undefined && inHome !== runsName) return null;
  return changeInDir([...parts.slice(0, at + 1), runsName].join(separator), below, separator);
}

/**
 * What a changed path means for the runs of one folder.
 *
 * @param dir a folder that holds run folders
 * @param below the parts of the changed path below `dir`; empty for `dir` itself
 */
export function changeInDir(dir: string, below: readonly string[], separator: string): RunChange | null {
  const [run, file, ...deeper] = below;
  if (run === undefined || run === '') return { kind: 'dir', dir };
  if (deeper.length > 0 || (file !== undefined && !listedFiles.has(file))) return null;
  return { kind: 'run', dir, folder: [dir, run].join(separator) };
}
