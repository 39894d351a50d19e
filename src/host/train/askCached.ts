import * as vscode from 'vscode';
import type { Notices } from '../notices';
import type { Choice, Question } from '../quickSteps';
import type { ListedModel } from '../../train/estimate/listedModels';
import { cachedChoices, cachedModels, foundPlaceholder } from './cachedModels';

/** The choice that starts with a small model of the Hub. */
const pullChoice: Choice<'pull'> = {
  label: 'Start with a Model from Hugging Face…',
  description: 'small models that fit this machine, or any by its id',
  iconPath: new vscode.ThemeIcon('cloud-download'),
  alwaysShow: true,
  value: 'pull',
};

/**
 * Looks for models in the caches of other programs and asks for one. A model that cannot be trained says why, and is
 * not taken.
 *
 * @param ask asks one question
 * @returns the model; `back` if the person went back or cancelled the search; null if the list was closed
 */
export async function askCached(
  extension: vscode.Uri,
  notices: Notices,
  ask: (question: Question<ListedModel | 'pull'>) => Promise<ListedModel | 'pull' | 'back' | null>,
): Promise<{ readonly path: string } | 'back' | null> {
  const listed = await cachedModels(extension, notices);
  if (!listed) return 'back';
  const choices = [...cachedChoices(listed), pullChoice];
  for (let placeholder = foundPlaceholder(listed); ;) {
    const answer = await ask({ title: 'Margin: Models on This Machine', placeholder, choices });
    if (answer === null || answer === 'back') return answer;
    if (answer === 'pull') {
      const path = await vscode.commands.executeCommand<string | null>('margin.pullFromHub', 'forTraining');
      // An error was shown by the command; then there is no path either.
      return typeof path === 'string' ? { path } : 'back';
    }
    if (answer.why === null) return { path: answer.path };
    placeholder = answer.why;
  }
}
