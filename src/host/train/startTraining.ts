import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { version } from '../../../package.json';
import { MarginError } from '../../pairs/marginError';
import { createRun, recordedVersions } from '../../run/resolve';
import { startRun } from '../../run/start';
import { parseTrainConfig } from '../../run/trainConfig';

/** Starts trainer processes, which outlive the window. */
export class TrainingStarter {
  constructor(private readonly extension: vscode.Uri) {}

  /**
   * Makes the run folder that a `*.train.json` asks for and starts its trainer.
   *
   * @returns the run folder
   * @throws MarginError with file, line and field of what is wrong
   */
  async start(configFile: vscode.Uri): Promise<string> {
    requireTrust();
    const config = parseTrainConfig(await readFile(configFile.fsPath, 'utf8'), configFile.fsPath);
    const folder = await createRun(config, recordedVersions(version));
    await this.launch(folder, false);
    return folder;
  }

  async resume(folder: string): Promise<void> {
    requireTrust();
    await this.launch(folder, true);
  }

  private async launch(folder: string, resume: boolean): Promise<void> {
    const trainer = join(this.extension.fsPath, 'dist', 'trainer.js');
    const { exited } = await startRun(folder, { trainer, node: process.execPath, resume });
    // How it ends stands in its folder; whoever watches that tells it.
    exited.catch(() => undefined);
  }
}

/** A model and its chat template come from whoever made the workspace. */
export function requireTrust(): void {
  if (!vscode.workspace.isTrusted) {
    throw new MarginError('untrusted', vscode.l10n.t('Training and scoring load models from the workspace, so they need a trusted workspace.'));
  }
}
