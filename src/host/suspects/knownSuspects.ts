import { statOrNull } from '../../base/node/statOrNull';
import { nullIfMissing } from '../../base/node/jsonFile';
import { readSuspects, type SavedSuspects, suspectPaths } from '../../jsonl/node/suspects/suspectsFile';
import { Slices } from '../../editor/slices';

interface Known {
  /** Size and time of the saved file. */
  readonly stamp: string;
  readonly found: Promise<SavedSuspects | null>;
}

/** The saved searches for wrong labels, each read once until it is saved again. */
export class KnownSuspects {
  private readonly byFile = new Map<string, Known>();

  /**
   * The saved search of a data file; null if there is none.
   *
   * @throws MarginError as `readSuspects`, but not `missing`
   */
  async of(file: string): Promise<SavedSuspects | null> {
    const stamp = await stampOf(suspectPaths(file).found);
    const known = this.byFile.get(file);
    if (known?.stamp === stamp) return known.found;
    const slices = new Slices();
    const breathe = async (): Promise<void> => void (await slices.breathe());
    const found = stamp === '' ? Promise.resolve(null) : nullIfMissing(readSuspects(file, breathe));
    this.byFile.set(file, { stamp, found });
    return found;
  }
}

/** Empty for a file that cannot be seen: reading it says why. */
async function stampOf(path: string): Promise<string> {
  const now = await statOrNull(path);
  return now === null ? '' : `${now.size} ${now.mtimeMs}`;
}
