import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { TrainConfig } from '../../run/types';
import { marginCommand } from '../marginCommand';
import type { Notices } from '../notices';
import { targetState } from '../trainForm/targetState';
import { type EstimateText, onTarget, type StartEstimate } from './startEstimate';

/**
 * Estimates memory and time of a run in its own process: with a dry run, or for TRL by arithmetic.
 *
 * @returns `skipped` if the person cancelled; `unknown` if config, model or rows are at fault, which the start reports
 */
export async function estimateRun(
  extension: vscode.Uri,
  notices: Notices,
  configFile: vscode.Uri,
  backend: TrainConfig['backend'],
): Promise<StartEstimate | 'skipped' | 'unknown'> {
  const title = `Estimating time and memory of ${basename(configFile.fsPath)}… Cancel to start without an estimate.`;
  let last = '';
  const isTrl = backend === 'trl';
  const file = configFile.fsPath;
  const argv = isTrl ? ['targets', 'estimate', file, '--json'] : ['train', file, '--dry_run', '--json'];
  try {
    await notices.progress(title, (_, token) => marginCommand(extension, argv, token, (line) => (last = line)));
  } catch (error) {
    if (error instanceof vscode.CancellationError) return 'skipped';
    throw error;
  }
  if (last === '') return 'unknown';
  if (isTrl) return onTarget(targetState(last, ''));
  const estimate = JSON.parse(last) as EstimateText | Record<string, never>;
  return 'fits' in estimate ? { ...(estimate as EstimateText), place: 'this machine', unknown: null } : 'unknown';
}
