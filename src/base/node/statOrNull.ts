import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';

/**
 * What the system says about a file or folder. Null if it is missing or cannot be looked at: this is for callers to
 * whom both mean "not here", and who report an error when they open it.
 */
export async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch {
    return null;
  }
}
