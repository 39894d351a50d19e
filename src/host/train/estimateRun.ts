import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Estimate } from '../../train/estimate/types';
import { marginCommand } from '../marginCommand';
import type { Notices } from '../notices';

/** What `margin train CONFIG --dry_run --json` tells, in words. */
export type ToldEstimate = Pick<Estimate, 'fits'> & { readonly summary: string; readonly problems: readonly string[] };

/**
 * Memory and time of a run, by a dry run in a process of its own.
 *
 * @returns `skipped`: the person would not wait; `unknown`: something is wrong with config, model or rows, which the
 *   run's start tells
 */
export async function estimateRun(
  extension: vscode.Uri,
  notices: Notices,
  configFile: vscode.Uri,
): Promise<ToldEstimate | 'skipped' | 'unknown'> {
  const title = `Estimating time and memory of ${basename(configFile.fsPath)}… Cancel goes on without.`;
  let last = '';
  const argv = ['train', configFile.fsPath, '--dry_run', '--json'];
  try {
    await notices.progress(title, (_, token) => marginCommand(extension, argv, token, (line) => (last = line)));
  } catch (error) {
    if (error instanceof vscode.CancellationError) return 'skipped';
    throw error;
  }
  const told = last === '' ? {} : (JSON.parse(last) as ToldEstimate | Record<string, never>);
  return 'fits' in told ? (told as ToldEstimate) : 'unknown';
}
