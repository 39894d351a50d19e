import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { version } from '../../../package.json';
import { readRunConfig } from '../../run/folder';
import { ensureQueue } from '../../run/queue/ensureQueue';
import { enqueueRun, readQueue } from '../../run/queue/queue';
import { isBusy } from '../../run/queue/workQueue';
import { createRun, recordedVersions } from '../../run/resolve';
import { startRun } from '../../run/start';
import { startScoring } from '../../run/startScoring';
import { checkTrainConfig, parseTrainConfig, readTrainConfig } from '../../run/trainConfig';
import type { TargetTrust } from '../targets/targetTrust';
import type { TrainConfig } from '../../run/types';
import { localTarget } from '../../trl/knownTargets';
import type { Notices } from '../notices';
import type { RunsModel } from '../runs/runsModel';
import { requireRuntimeOf } from '../runtimeOf';
import { savedFor } from '../savedFor';
import type { ConfigProblems } from './configProblems';
import { confirmStart } from './confirmStart';
import { estimateRun } from './estimateRun';
import { requireTrust } from './requireTrust';
import { trainerProgram } from './trainerProgram';

/** Starts processes that train or score. They continue when the window closes. */
export class TrainingStarter {
  constructor(
    private readonly extension: vscode.Uri,
    private readonly runs: RunsModel,
    private readonly problems: ConfigProblems,
    private readonly notices: Notices,
    private readonly targets: TargetTrust,
  ) {}

  /**
   * Shows the estimate of a run, makes its run folder and starts its trainer.
   *
   * @param preparing called when the config is sound, before the run folder is made
   * @returns the run folder; null if the person declined, or if the config has problems, which are marked in it then
   * @throws MarginError if something other than the config is at fault
   */
  async start(configFile: vscode.Uri, preparing: () => unknown): Promise<string | null> {
    requireTrust();
    await saveIfOpen(configFile);
    this.problems.clear(configFile);
    try {
      const config = parseTrainConfig(await readTrainConfig(configFile.fsPath), configFile.fsPath);
      if (config.backend !== 'trl') requireRuntimeOf(this.extension);
      if (!(await savedFor(this.notices, config.train_file, 'Save and Train'))) return null;
      if (!(await this.targets.allows(config.output_dir, config.target))) return null;
      const wanted = await this.ask(configFile, config);
      if (wanted === null) return null;
      preparing();
      return await this.runs.prepare(config.run_name ?? basename(configFile.fsPath), async () => {
        const folder = await createRun(config, recordedVersions(version));
        if (wanted === 'queue') await this.queue(folder);
        else await this.launch(folder, false);
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
    await this.requireTrainer(folder);
    const { target } = (await readRunConfig(folder)).config;
    if (!(await this.targets.allows(dirname(folder), target))) return;
    await this.launch(folder, true);
    await this.runs.refresh();
  }

  /**
   * Whether runs of a config may go to its target. Asks if the person has not allowed it yet. A config with problems
   * starts no run, and who starts it says why.
   */
  async allowsTargetOf({ fsPath }: vscode.Uri): Promise<boolean> {
    const { config } = checkTrainConfig(await readTrainConfig(fsPath), fsPath);
    return config === null || this.targets.allows(config.output_dir, config.target);
  }

  /** Shows time and memory of a run. @returns whether to start or queue it; null: neither */
  private async ask(
    configFile: vscode.Uri,
    { backend, target, output_dir: dir }: TrainConfig,
  ): Promise<'start' | 'queue' | null> {
    const estimate = await estimateRun(this.extension, this.notices, configFile, backend);
    // A target has a queue of its own.
    const busy = target === localTarget && ((await isBusy(dir)) || (await readQueue(dir)).length > 0);
    const answer = await confirmStart(this.notices, basename(configFile.fsPath), estimate, busy);
    if (answer === 'edit') await vscode.window.showTextDocument(configFile);
    if (answer === 'form') await vscode.commands.executeCommand('margin.openAsForm', configFile);
    return answer === 'start' || answer === 'queue' ? answer : null;
  }

  /** Puts a run into the queue of its folder, which goes on when the window closes. */
  async queue(folder: string): Promise<void> {
    requireTrust();
    await this.requireTrainer(folder);
    this.notices.log.info(`Queueing run ${folder}`);
    await enqueueRun(folder);
    await ensureQueue(dirname(folder), trainerProgram(this.extension), true);
  }

  /** Scores the pairs of a run that have no rewards yet, in its own process. */
  async score(folder: string): Promise<void> {
    requireTrust();
    requireRuntimeOf(this.extension);
    this.notices.log.info(`Scoring the pairs of run ${folder}`);
    const { exited } = await startScoring(folder, trainerProgram(this.extension));
    // scoring.json says how the scoring ended.
    exited.catch(() => undefined);
    await this.runs.refresh();
  }

  /** TRL trains without ONNX Runtime. @throws MarginError `no-runtime` */
  private async requireTrainer(folder: string): Promise<void> {
    if ((await readRunConfig(folder)).config.backend !== 'trl') requireRuntimeOf(this.extension);
  }

  private async launch(folder: string, resume: boolean): Promise<void> {
    this.notices.log.info(`${resume ? 'Resuming' : 'Starting'} run ${folder}`);
    const { exited } = await startRun(folder, { ...trainerProgram(this.extension), resume });
    // The run folder says how the run ended. The code that watches the folder reports it.
    exited.catch(() => undefined);
  }
}

async function saveIfOpen(uri: vscode.Uri): Promise<void> {
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
  if (document?.isDirty === true) await document.save();
}
