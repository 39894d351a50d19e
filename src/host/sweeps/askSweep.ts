import * as vscode from 'vscode';
import type { SweepMethod } from '../../run/sweep/types';
import { type Choice, pickOne } from '../quickSteps';
import { sweepArguments } from './sweepArguments';

export const sweepTitle = 'Margin: Sweep';

const methods: readonly Choice<SweepMethod>[] = [
  { label: 'Grid', detail: 'Every combination of the values', value: 'grid' },
  { label: 'Random', detail: 'Random combinations of values and ranges', value: 'random' },
  {
    label: 'Successive Halving',
    detail: 'Random combinations train a few steps, and the better half goes on. Needs max_steps.',
    value: 'halving',
  },
];

/** Asks what to vary and how. @returns the arguments of `margin sweep`; null if the person closed a list */
export async function askSweep(config: vscode.Uri): Promise<readonly string[] | null> {
  const method = (await pickOne(methods, { title: sweepTitle, placeHolder: 'How to choose the combinations' }))?.value;
  if (method === undefined) return null;
  const axes = await ask(
    'Keys with their values, or ranges for random ones',
    method === 'grid' ? 'beta=0.05,0.1 learning_rate=1e-4,5e-4' : 'beta=0.05,0.1,0.5 learning_rate=1e-5..1e-3',
    (text) => (/^\s*\w+=\S+(\s+\w+=\S+)*\s*$/.test(text) ? null : 'Write KEY=VALUE,VALUE or KEY=LOW..HIGH'),
  );
  if (axes === null) return null;
  const count = method === 'grid' ? '' : await ask('Number of trials', '8', wholeNumber);
  if (count === null) return null;
  const budget = await ask('Minutes of training of all trials together; empty for no limit', '', numberOrNothing);
  return budget === null ? null : sweepArguments(config.fsPath, { method, axes, count, budget });
}

async function ask(prompt: string, value: string, problem: (text: string) => string | null): Promise<string | null> {
  const options = { title: sweepTitle, prompt, value, ignoreFocusOut: true, validateInput: problem };
  return (await vscode.window.showInputBox(options)) ?? null;
}

const wholeNumber = (text: string): string | null => (/^[1-9]\d*$/.test(text.trim()) ? null : 'A whole number from 1');
const numberOrNothing = (text: string): string | null =>
  text.trim() === '' || Number(text) > 0 ? null : 'A number above 0, or nothing';
