import type * as vscode from 'vscode';
import type { Notices } from '../notices';
import type { Question } from '../quickSteps';
import type { ListedModel } from '../../train/estimate/listedModels';
import { cachedChoices, cachedModels, foundPlaceholder } from './cachedModels';

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
  ask: (question: Question<ListedModel>) => Promise<ListedModel | 'back' | null>,
): Promise<{ readonly path: string } | 'back' | null> {
  const listed = await cachedModels(extension, notices);
  if (!listed) return 'back';
  const choices = cachedChoices(listed);
  for (let placeholder = foundPlaceholder(listed); ;) {
    const answer = await ask({ title: 'Margin: Models on This Machine', placeholder, choices });
    if (answer === null || answer === 'back') return answer;
    if (answer.why === null) return { path: answer.path };
    placeholder = answer.why;
  }
}
