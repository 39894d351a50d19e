import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import type { ListedModel, ListedModels } from '../../train/estimate/listedModels';
import { marginCommand } from '../marginCommand';
import type { Notices } from '../notices';
import type { Choice } from '../quickSteps';
import { megabytes } from './modelFolders';

/** The choice that looks for models outside of the workspace. */
export const findChoice: Choice<'find'> = {
  label: 'Find Models on This Machine…',
  description: 'Hugging Face, LM Studio, Ollama, llama.cpp',
  iconPath: new vscode.ThemeIcon('search'),
  alwaysShow: true,
  value: 'find',
};

/**
 * The models in the caches of other programs, as `margin models` finds them in its own process.
 *
 * @returns null if the person cancelled
 * @throws MarginError `find-models` if the process failed
 */
export async function cachedModels(extension: vscode.Uri, notices: Notices): Promise<ListedModels | null> {
  let last = '';
  try {
    const { code, stderr } = await notices.progress('Looking for models on this machine…', (_, token) =>
      marginCommand(extension, ['models', '--json'], token, (line) => (last = line)),
    );
    if (code !== 0 || last === '') throw new MarginError('find-models', `Models cannot be looked for: ${stderr}`);
  } catch (error) {
    if (error instanceof vscode.CancellationError) return null;
    throw error;
  }
  const listed = JSON.parse(last) as ListedModels;
  for (const problem of listed.problems) notices.log.warn(problem);
  return listed;
}

/** A list of found models: those that can be trained and fit first. */
export function cachedChoices({ models }: ListedModels): readonly Choice<ListedModel>[] {
  const rank = ({ fit, why }: ListedModel): number => (why !== null ? 2 : fit === 'none' ? 1 : 0);
  return models
    .toSorted((a, b) => rank(a) - rank(b))
    .map((model) => ({
      label: model.name,
      description: [model.cache, ...(model.bytes === null ? [] : [megabytes(model.bytes)])].join(' · '),
      detail: detailOf(model),
      value: model,
    }));
}

const fits = {
  all: 'fits, with LoRA or all weights',
  lora: 'fits with LoRA',
  none: 'does not fit in the free memory',
} as const;

function detailOf({ architecture, fit, why }: ListedModel): string {
  if (why !== null) return `Cannot be trained: ${why}`;
  return [architecture, fit === null ? null : fits[fit]].filter((part) => part !== null).join(' · ');
}

/** The question above a list of found models. */
export function foundPlaceholder({ models, problems, free }: ListedModels): string {
  if (models.length === 0) return 'No models in the caches of Hugging Face, LM Studio, Ollama and llama.cpp';
  const more = problems.length === 0 ? '' : ` · ${problems.join(' ')}`;
  return `Model to train; ${megabytes(free)} of memory are free${more}`;
}
