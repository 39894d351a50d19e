import * as vscode from 'vscode';
import { type Sample, sampleIn } from './reviewQueue';

/**
 * Asks how many pairs of the queue to go through, and with which seed they are drawn.
 *
 * @returns null for all pairs; undefined if the person closed the question
 */
export async function askSample(now: Sample | null): Promise<Sample | null | undefined> {
  const text = await vscode.window.showInputBox({
    title: 'Margin: Review a Sample',
    prompt: 'Number of pairs, and after a space the seed: the same seed draws the same pairs. Empty: all pairs.',
    value: now ? `${now.count} ${now.seed}` : '50 1',
    validateInput: (value) => (sampleIn(value) === undefined ? 'Type a number of pairs, such as 50, or 50 7' : null),
  });
  return text === undefined ? undefined : sampleIn(text);
}
