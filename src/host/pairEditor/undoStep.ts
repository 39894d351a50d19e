import { showShare } from '../notices';
import type { Together } from './editsTogether';
import { withUndoProgress } from './undoProgress';

/** Undoes or redoes a step of many edits; shows its progress if it takes long. */
export async function takeStep(way: 'undo' | 'redo', label: string, step: Together): Promise<void> {
  const title = `${way === 'undo' ? 'Undo' : 'Redo'}: ${label}`;
  return withUndoProgress(title, step.count, (progress) => step[way](progress), showShare);
}
