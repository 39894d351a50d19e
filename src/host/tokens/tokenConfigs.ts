import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import type { Reading } from '../../pairs/reading';
import { readRunConfig } from '../../run/folder';
import { parseTrainConfig, readTrainConfig } from '../../run/trainConfig';
import type { TrainConfig } from '../../run/types';
import type { TokenConfig } from '../../protocol/tokens';
import { pickOne } from '../quickSteps';
import { readingKeys } from '../train/rowsOf';
import { type ConfigChoice, configChoices, ownConfig } from './configChoices';

/** A config that was chosen for a dataset, read. */
export interface ChosenConfig extends TokenConfig {
  /** With the dataset as its `train_file`. */
  readonly config: TrainConfig;
}

/** The key of the workspace's memory: by the path of a dataset, the chosen config. */
const memoryKey = 'tokenConfigs';
const title = 'Margin: What the Trainer Sees';

/**
 * For each dataset, the config that decides how rows are tokenised: a `*.train.json`, a run, or a model with TRL's
 * defaults. The choice is remembered. Without one it is the first config of the workspace that trains on the dataset.
 */
export class TokenConfigs implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  /** Fires when another config is chosen, or one has changed on the disk. */
  readonly onDidChange = this.changed.event;
  private readonly watcher = vscode.workspace.createFileSystemWatcher('**/*.train.json');
  private readonly subscriptions: vscode.Disposable;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly memory: vscode.Memento,
    private readonly runFolders: () => Promise<readonly string[]>,
  ) {
    const fire = (): void => this.changed.fire();
    const { watcher } = this;
    this.subscriptions = vscode.Disposable.from(
      ...[this.changed, watcher, watcher.onDidChange(fire), watcher.onDidCreate(fire), watcher.onDidDelete(fire)],
      vscode.workspace.onDidGrantWorkspaceTrust(fire),
    );
  }

  /**
   * The config for a dataset; null if none is chosen and no config of the workspace trains on it.
   *
   * @throws MarginError of a config that cannot be read; its `details.label` names it
   */
  async of(dataset: string, reading: Reading): Promise<ChosenConfig | null> {
    const choice = this.chosen[dataset] ?? (await ownConfig(dataset));
    if (!choice) return null;
    const config = { ...(await this.read(choice, dataset, reading)), train_file: dataset };
    return { label: labelOf(choice), model: basename(config.model_name_or_path), config };
  }

  /** The name of the config for a dataset, for messages about it. */
  async labelOf(dataset: string): Promise<string> {
    const choice = this.chosen[dataset] ?? (await ownConfig(dataset));
    return choice ? labelOf(choice) : '';
  }

  /** Asks for the config of a dataset. */
  async choose(dataset: string): Promise<void> {
    const choices = await configChoices(this.extension, dataset, await this.runFolders());
    const placeHolder = 'Config, run or model that tells how rows are tokenised and cut';
    const answer = await pickOne(choices, { title, placeHolder, matchOnDescription: true });
    if (!answer) return;
    await this.memory.update(memoryKey, { ...this.chosen, [dataset]: answer.value });
    this.changed.fire();
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private get chosen(): Readonly<Record<string, ConfigChoice>> {
    return this.memory.get<Record<string, ConfigChoice>>(memoryKey, {});
  }

  private async read({ kind, path }: ConfigChoice, dataset: string, reading: Reading): Promise<TrainConfig> {
    if (kind === 'run') return (await readRunConfig(path)).config;
    if (kind === 'config') return parseTrainConfig(await readTrainConfig(path), path);
    const written = { model_name_or_path: path, train_file: dataset, ...(await readingKeys(dataset, reading)) };
    return parseTrainConfig(JSON.stringify(written), `${dataset}.train.json`);
  }
}

function labelOf({ kind, path }: ConfigChoice): string {
  const name = basename(path);
  return kind === 'model' ? `${name}, TRL’s defaults` : kind === 'run' ? `run ${name}` : inFolder(path);
}

/** The name of a config, with its folder in the workspace. */
function inFolder(path: string): string {
  const relative = vscode.workspace.asRelativePath(path);
  return dirname(relative) === dirname(path) ? basename(path) : relative;
}
