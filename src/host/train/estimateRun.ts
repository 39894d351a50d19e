import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Estimate } from '../../train/estimate/types';
import { marginCommand } from '../marginCommand';

/** What `margin train CONFIG --dry_run --json` tells, in words. */
export type ToldEstimate = Pick<Estimate, 'fits'> & { readonly summary: string; readonly problems: readonly string[] };

/**
 * Memory and time of a run, by a dry run in a process of its own.
 *
 * @returns `skipped`: the person would not wait; `unknown`: something is wrong with config, model or rows, which the run's start tells
 */
export async function estimateRun(extension: vscode.Uri, configFile: vscode.Uri): Promise<ToldEstimate | 'skipped' | 'unknown'> {
  const title = vscode.l10n.t('Estimating time and memory of {0}… Cancel goes on without.', basename(configFile.fsPath));
  let last = '';
  const run = (token: vscode.CancellationToken): Promise<unknown> => marginCommand(extension, ['train', configFile.fsPath, '--dry_run', '--json'], token, (line) => (last = line));
  try {
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (_, token) => run(token));
  } catch (error) {
    if (error instanceof vscode.CancellationError) return 'skipped';
    throw error;
  }
  const told = last === '' ? {} : (JSON.parse(last) as ToldEstimate | Record<string, never>);
  return 'fits' in told ? (told as ToldEstimate) : 'unknown';
}
