import { answerTask } from '../../../base/node/inThread';
import { decodeFile, type DecodeProgress } from './decodeFile';
import { saveJsonLines, type SavedLines } from './saveLines';

/** Work on a whole file, which would block the thread that asks for it. */
export interface DecodeTask {
  readonly kind: 'decode';
  readonly source: string;
  readonly target: string;
  readonly maxBytes: number;
}

export interface SaveTask {
  readonly kind: 'save';
  readonly source: string;
  readonly target: string;
}

/** Milliseconds between two reports. */
const reportMs = 50;

// The program of the threads that decode packed files.
answerTask<DecodeTask | SaveTask, DecodeProgress | number, null | SavedLines>(async (task, signal, report) => {
  let reported = 0;
  if (task.kind === 'save')
    return saveJsonLines(task.source, task.target, { signal, onProgress: (rows) => report(rows) });
  await decodeFile(task.source, task.target, {
    signal,
    maxBytes: task.maxBytes,
    onProgress: (progress) => {
      const now = performance.now();
      if (now - reported < reportMs) return;
      reported = now;
      report(progress);
    },
  });
  return null;
});
