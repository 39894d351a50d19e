import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { version } from '../../../package.json';
import { MarginError } from '../../base/pure/marginError';
import { createRun, recordedVersions } from '../../run/resolve';
import { startRun, type ProgramOptions } from '../../run/start';
import { startScoring } from '../../run/startScoring';
import { parseTrainConfig, readTrainConfig } from '../../run/trainConfig';
import type { Notices } from '../notices';
import type { RunsModel } from '../runsModel';
import type { ConfigProblems } from './configProblems';
import { confirmStart } from './confirmStart';
import { estimateRun } from './estimateRun';

/** Starts trainer processes, which outlive the window. */
export class TrainingStarter {
  constructor(
    private readonly extension: vscode.Uri,
    private readonly runs: RunsModel,
    private readonly problems: ConfigProblems,
    private readonly notices: Notices,
  ) {}

  /**
   * Makes the run folder that a `*.train.json` asks for and starts its trainer, once the person saw what the run would
   * take.
   *
   * @param preparing called once the config is sound, before the model's files are read for the record
   * @returns the run folder; null where the config has problems, which are then marked in it
   * @throws MarginError of what is wrong beside the config
   */
  async start(configFile: vscode.Uri, preparing: () => unknown): Promise<string | null> {
    requireTrust();
    await saveIfOpen(configFile);
    this.problems.clear(configFile);
    try {
      const config = parseTrainConfig(await readTrainConfig(configFile.fsPath), configFile.fsPath);
      if (!(await savedForTraining(this.notices, config.train_file)) || !(await this.isWanted(configFile))) return null;
      preparing();
      return await this.runs.prepare(config.run_name ?? basename(configFile.fsPath), async () => {
        const folder = await createRun(config, recordedVersions(version));
        await this.launch(folder, false);
        return folder;
      });
    } catch (error) {
      if (!(await this.problems.mark(configFile, error))) throw error;
      await vscode.window.showTextDocument(configFile);
      this.notices.error(error);
      return null;
    }
  }

  async resume(folder: string): Promise<void> {
    requireTrust();
    await this.launch(folder, true);
    await this.runs.refresh();
  }

  /** Shows time and memory of a run beforehand. @returns whether to start it */
  private async isWanted(configFile: vscode.Uri): Promise<boolean> {
    const estimate = await estimateRun(this.extension, this.notices, configFile);
    const answer = await confirmStart(this.notices, basename(configFile.fsPath), estimate);
    if (answer === 'edit') await vscode.window.showTextDocument(configFile);
    return answer === 'start';
  }

  /** Scores what is left of a run's pairs, in a process of its own. */
  async score(folder: string): Promise<void> {
    requireTrust();
    this.notices.log.info(`Scoring the pairs of run ${folder}`);
    const { exited } = await startScoring(folder, this.program());
    exited.catch(() => undefined);
    await this.runs.refresh();
  }

  private program(): ProgramOptions {
    return { trainer: join(this.extension.fsPath, 'dist', 'trainer.js'), node: process.execPath };
  }

  private async launch(folder: string, resume: boolean): Promise<void> {
    this.notices.log.info(`${resume ? 'Resuming' : 'Starting'} run ${folder}`);
    const { exited } = await startRun(folder, { ...this.program(), resume });
    // How it ends stands in its folder; whoever watches that tells it.
    exited.catch(() => undefined);
  }
}

async function saveIfOpen(uri: vscode.Uri): Promise<void> {
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
  if (document?.isDirty === true) await document.save();
}

/** Training reads the file on the disk. @returns false if the person would rather not train */
async function savedForTraining(notices: Notices, dataset: string): Promise<boolean> {
  const uri = vscode.Uri.file(dataset);
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const dirty = tabs.some(
    ({ isDirty, input }) =>
      isDirty &&
      (input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText) &&
      input.uri.fsPath === uri.fsPath,
  );
  if (!dirty) return true;
  const save = 'Save and Train';
  const answer = await notices.ask('warning', `${basename(dataset)} has unsaved changes.`, '', save);
  return answer === save && (await vscode.workspace.save(uri)) !== undefined;
}

/** A model and its chat template come from whoever made the workspace. */
export function requireTrust(): void {
  if (!vscode.workspace.isTrusted) {
    throw new MarginError(
      'untrusted',
      'Training and scoring load models from the workspace, so they need a trusted workspace.',
    );
  }
}
