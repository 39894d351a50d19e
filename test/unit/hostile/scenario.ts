/** Something of Margin's that writes files. */
export interface Scenario {
  readonly name: string;
  /** Makes the files before, and returns what writes. */
  readonly prepare: (folder: string) => Promise<() => Promise<unknown>>;
  /** Files whose content is not compared. */
  readonly ignored?: RegExp;
  /** A cache that cannot be written is no error. */
  readonly isCache?: boolean;
  /** Whether files that are neither the old nor the new ones have lost nothing, such as a last line that is cut. */
  readonly isSafe?: (folder: string) => boolean;
  /** What a failure has left in a folder and should not have; empty if nothing. */
  readonly left?: (folder: string) => readonly string[];
  /** Whether the same call completes the work after a failure; `unlessForGood`: if what was begun could be removed. */
  readonly isRepeatable?: true | 'unlessForGood';
}

const opened: { close(): Promise<void> }[] = [];

/** Remembers what {@link closeAll} closes. */
export function closeLater<One extends { close(): Promise<void> }>(one: One): One {
  opened.push(one);
  return one;
}

/** Closes what the scenarios have opened. */
export async function closeAll(): Promise<void> {
  for (const one of opened.splice(0)) await one.close();
}
