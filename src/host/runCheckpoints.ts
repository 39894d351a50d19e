import { access } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { inTurns } from '../base/pure/inTurns';
import { checkpointSteps, readRun } from '../run/find';
import { runPaths } from '../run/folder';
import type { RunsModel } from './runsModel';

/** Runs whose checkpoints are offered. */
const maxRuns = 30;
/** Runs that are read at a time. */
const atOnce = 8;

export interface RunCheckpoint {
  readonly run: string;
  readonly step: number;
  readonly folder: string;
  /** What the run trained. */
  readonly model: string;
  /** An adapter, or all weights. */
  readonly isAdapter: boolean;
  /** Of the run's best evaluation. */
  readonly isBest: boolean;
}

/** A checkpoint as a list shows it. */
export function checkpointItem({ run, step, folder, isBest }: RunCheckpoint): vscode.QuickPickItem {
  return {
    label: run,
    description: isBest ? `step ${step}, the best evaluation` : `step ${step}`,
    detail: vscode.workspace.asRelativePath(folder),
  };
}

/** Checkpoints of the workspace's runs, newest first. */
export async function allCheckpoints(runs: RunsModel): Promise<RunCheckpoint[]> {
  const listed = (await runs.ready()).slice(0, maxRuns);
  return (await inTurns(listed, atOnce, ({ folder }) => checkpointsOf(folder))).flat();
}

/** Checkpoints of a run, newest first. */
export async function checkpointsOf(folder: string): Promise<RunCheckpoint[]> {
  // A run that cannot be read is shown as such in the Runs view, and has nothing to offer here.
  const run = await readRun(folder).catch(() => null);
  if (!run) return [];
  const steps = (await checkpointSteps(folder)).reverse();
  return Promise.all(
    steps.map(async (step) => {
      const checkpoint = runPaths.checkpoint(folder, step);
      // No such file: the checkpoint holds a whole model.
      const isAdapter = await access(join(checkpoint, 'adapter_config.json')).then(
        () => true,
        () => false,
      );
      return {
        run: run.name,
        step,
        folder: checkpoint,
        model: run.config.config.model_name_or_path,
        isAdapter,
        isBest: step === run.state?.best?.step,
      };
    }),
  );
}
