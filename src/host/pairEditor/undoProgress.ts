/** Shows a title and the share of a task that is done, from 0 to 1, until the task settles. */
export type ShowProgress = (
  title: string,
  task: (report: (share: number) => void) => Promise<void>,
) => PromiseLike<void>;

/** A task that takes longer shows its progress. */
const patienceMs = 500;

/**
 * Undoes or redoes a step of many edits, and shows how far it is if that takes long. It has no *Cancel*, because VS
 * Code counts a step as undone as soon as it asks for it.
 *
 * @param total the number of edits
 * @param work called with what reports the number of edits so far
 * @throws errors of `work`
 */
export async function withUndoProgress(
  title: string,
  total: number,
  work: (progress: (done: number) => void) => Promise<void>,
  show: ShowProgress,
): Promise<void> {
  let report: ((share: number) => void) | null = null;
  let shown: PromiseLike<void> = Promise.resolve();
  const done = work((count) => report?.(count / total));
  const timer = setTimeout(() => {
    shown = show(title, (to) => {
      report = to;
      // Its caller gets the error.
      return done.catch(() => undefined);
    });
  }, patienceMs);
  try {
    await done;
  } finally {
    clearTimeout(timer);
    await shown;
  }
}
