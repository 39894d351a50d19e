import { basename } from 'node:path';
import type { Notices } from '../../notices';
import { columnStopped, type SlowColumns } from './slowColumns';
import { readingStopped, type SlowReading } from './slowReading';
import { showSlow } from './slowWork';

type Shown = Pick<Notices, 'progress' | 'error'>;

/** Shows that rewards without columns are read. Files with columns are read at once, and those of small runs soon. */
export function showReading(notices: Shown): SlowReading {
  return (folder, step, read) => {
    const title = `Reading the rewards of step ${step} of ${basename(folder)} for the first time`;
    return showSlow(notices, title, () => readingStopped(step), read);
  };
}

/** Shows that a column of a dataset is read. */
export function showColumns(notices: Shown): SlowColumns {
  return (dataset, name, read) =>
    showSlow(notices, `Reading ${name} of ${basename(dataset)}`, () => columnStopped(name), read);
}
