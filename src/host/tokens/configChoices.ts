import { basename } from 'node:path';
import * as vscode from 'vscode';
import { findRuns } from '../../run/find';
import { parseTrainConfig, readTrainConfig } from '../../run/trainConfig';
import type { TrainConfig } from '../../run/types';
import type { Choice } from '../quickSteps';
import { modelChoices } from '../train/modelFolders';

/** A `*.train.json`, the folder of a run, or the folder of a model. */
export interface ConfigChoice {
  readonly kind: 'config' | 'run' | 'model';
  readonly path: string;
}

const excluded = '**/{node_modules,.margin}/**';
const mostConfigs = 200;
/** Most runs that are offered, newest first. */
const mostRuns = 20;

/** The configs of the workspace, those of the dataset first; then runs; then models with TRL's defaults. */
export async function configChoices(
  extension: vscode.Uri,
  dataset: string,
  outputDirs: readonly string[],
): Promise<Choice<ConfigChoice>[]> {
  const configs = await configsFor(dataset);
  const { runs } = await findRuns(outputDirs);
  const models = await modelChoices(extension, dataset);
  return [
    ...configs.map(({ path, isOwn }) => ({
      label: basename(path),
      description: [vscode.workspace.asRelativePath(path), ...(isOwn ? ['trains on this file'] : [])].join(' · '),
      value: { kind: 'config' as const, path },
    })),
    ...runs.slice(0, mostRuns).map(({ folder }) => ({
      label: basename(folder),
      description: 'run',
      value: { kind: 'run' as const, path: folder },
    })),
    ...models.flatMap(({ label, value }) =>
      value === 'browse'
        ? []
        : [
            {
              label,
              description: 'model, with TRL’s defaults: max_length 1024',
              value: { kind: 'model' as const, path: value.folder },
            },
          ],
    ),
  ];
}

/** The first config that trains on a dataset, or evaluates on it; null if there is none. */
export async function ownConfig(dataset: string): Promise<ConfigChoice | null> {
  const [first] = await configsFor(dataset);
  return first?.isOwn ? { kind: 'config', path: first.path } : null;
}

async function configsFor(dataset: string): Promise<readonly { readonly path: string; readonly isOwn: boolean }[]> {
  const found = await vscode.workspace.findFiles('**/*.train.json', excluded, mostConfigs);
  const configs = await Promise.all(
    found.map(async ({ fsPath: path }) => {
      const config = await readable(path);
      return { path, isOwn: config?.train_file === dataset || config?.eval_file === dataset };
    }),
  );
  return configs.sort((a, b) => Number(b.isOwn) - Number(a.isOwn) || (a.path < b.path ? -1 : 1));
}

/** A config that cannot be read is offered too: choosing it shows what is wrong with it. */
async function readable(path: string): Promise<TrainConfig | null> {
  try {
    return parseTrainConfig(await readTrainConfig(path), path);
  } catch {
    return null;
  }
}
