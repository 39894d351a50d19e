import { realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { readRun } from '../../run/find';
import { parseTrainConfig, readTrainConfig } from '../../run/trainConfig';
import type { TrainConfig } from '../../run/types';
import type { RunsModel } from '../runs/runsModel';

const excluded = '**/{node_modules,.margin}/**';
/** Most configs of a workspace that are read. */
const most = 100;

/** A model that a dataset is trained with. */
export interface KnownModel {
  readonly name: string;
  /** As the command line takes it. */
  readonly path: string;
}

/** The model of the newest run on a dataset, else of a config for it; null if there is neither. */
export async function knownModel(dataset: string, runs: RunsModel): Promise<KnownModel | null> {
  const target = await realpath(dataset);
  for (const { folder } of await runs.ready()) {
    // The Runs view shows runs that cannot be read.
    const config = (await readRun(folder).catch(() => null))?.config.config;
    if (config && (await isFile(config.train_file, target))) return named(config.model_name_or_path);
  }
  for (const { fsPath } of await vscode.workspace.findFiles('**/*.train.json', excluded, most)) {
    const config = await configOf(fsPath);
    if (config && (await isFile(config.train_file, target))) return named(config.model_name_or_path);
  }
  return null;
}

function named(path: string): KnownModel {
  return { name: basename(path), path };
}

/** A config of the workspace; null if it has mistakes, which are marked where it is open. */
async function configOf(file: string): Promise<TrainConfig | null> {
  try {
    return parseTrainConfig(await readTrainConfig(file), file);
  } catch {
    return null;
  }
}

/** Whether a path leads to a file. */
async function isFile(path: string, target: string): Promise<boolean> {
  return (await realpath(path).catch(() => path)) === target;
}
