import * as vscode from 'vscode';
import type { AppliedEdit } from '../../jsonl/documentChange';
import { plainMessage } from '../plainText';
import type { Together } from './editsTogether';
import { type ShowProgress, withUndoProgress } from './undoProgress';

/** Undoes or redoes a step. One of many edits shows its progress if it takes long. */
export async function takeStep(way: 'undo' | 'redo', label: string, step: AppliedEdit | Together): Promise<void> {
  if (!('count' in step)) return step[way]();
  const title = `${way === 'undo' ? 'Undo' : 'Redo'}: ${label}`;
  return withUndoProgress(title, step.count, (progress) => step[way](progress), show);
}

const show: ShowProgress = (title, task) => {
  const options = { location: vscode.ProgressLocation.Notification, title: plainMessage(title) };
  return vscode.window.withProgress(options, (progress) => {
    let before = 0;
    return task((share) => {
      progress.report({ increment: 100 * (share - before), message: `${Math.floor(100 * share)} %` });
      before = share;
    });
  });
};
