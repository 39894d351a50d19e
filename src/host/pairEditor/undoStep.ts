import type { AppliedEdit } from '../../jsonl/documentChange';
import { showShare } from '../notices';
import type { Together } from './editsTogether';
import { withUndoProgress } from './undoProgress';

/** Undoes or redoes a step. One of many edits shows its progress if it takes long. */
export async function takeStep(way: 'undo' | 'redo', label: string, step: AppliedEdit | Together): Promise<void> {
  if (!('count' in step)) return step[way]();
  const title = `${way === 'undo' ? 'Undo' : 'Redo'}: ${label}`;
  return withUndoProgress(title, step.count, (progress) => step[way](progress), showShare);
}
