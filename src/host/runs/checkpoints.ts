import { access } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { inTurns } from '../../base/pure/inTurns';
import { checkpointSteps, readRun } from '../../run/find';
import { runPaths } from '../../run/folder';
import type { RunsModel } from './runsModel';

/** Most runs whose checkpoints are offered. */
const maxRuns = 30;
/** Runs read at a time. */
const atOnce = 8;

export interface RunCheckpoint {
  readonly run: string;
  readonly step: number;
  readonly folder: string;
  /** Folder of the model that the run trained. */
  readonly model: string;
  /** Whether the checkpoint is an adapter; else it holds all weights. */
  readonly isAdapter: boolean;
  /** Whether it is the checkpoint of the run's best evaluation. */
  readonly isBest: boolean;
}

/** A checkpoint as an entry of a quick pick. */
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
  // The Runs view shows why a run cannot be read; here it offers no checkpoint.
  const run = await readRun(folder).catch(() => null);
  if (!run) return [];
  const steps = (await checkpointSteps(folder)).reverse();
  return Promise.all(
    steps.map(async (step) => {
      const checkpoint = runPaths.checkpoint(folder, step);
      // Without this file the checkpoint holds a whole model.
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
