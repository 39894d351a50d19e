import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Estimate } from '../../train/estimate/types';
import { marginCommand } from '../marginCommand';
import type { Notices } from '../notices';

/** The result of `margin train CONFIG --dry_run --json`, as sentences. */
export type EstimateText = Pick<Estimate, 'fits'> & { readonly summary: string; readonly problems: readonly string[] };

/**
 * Estimates memory and time of a run with a dry run, in its own process.
 *
 * @returns `skipped` if the person cancelled; `unknown` if config, model or rows are at fault, which the start reports
 */
export async function estimateRun(
  extension: vscode.Uri,
  notices: Notices,
  configFile: vscode.Uri,
): Promise<EstimateText | 'skipped' | 'unknown'> {
  const title = `Estimating time and memory of ${basename(configFile.fsPath)}… Cancel to start without an estimate.`;
  let last = '';
  const argv = ['train', configFile.fsPath, '--dry_run', '--json'];
  try {
    await notices.progress(title, (_, token) => marginCommand(extension, argv, token, (line) => (last = line)));
  } catch (error) {
    if (error instanceof vscode.CancellationError) return 'skipped';
    throw error;
  }
  if (last === '') return 'unknown';
  const estimate = JSON.parse(last) as EstimateText | Record<string, never>;
  return 'fits' in estimate ? (estimate as EstimateText) : 'unknown';
}
