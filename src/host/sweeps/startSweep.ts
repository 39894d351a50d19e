import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { marginCommand } from '../marginCommand';

/** The end of what a failed command printed. */
const keptError = 2000;

interface SaidLine {
  readonly sweep?: string;
  readonly array?: string;
  readonly trial?: number;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/**
 * Starts `margin sweep ARGUMENTS` as a process that goes on when the window closes.
 *
 * @returns the folder of the sweep
 * @throws MarginError `sweep-failed` with the command's message
 */
export async function startSweep(extension: vscode.Uri, argv: readonly string[]): Promise<string> {
  const cli = join(extension.fsPath, 'dist', 'cli.js');
  const child = spawn(process.execPath, [cli, 'sweep', ...argv, '--json'], {
    detached: true,
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => (printed = (printed + chunk.toString()).slice(-keptError)));
  const folder = await new Promise<string>((resolve, reject) => {
    const fail = (message: string): void => reject(new MarginError('sweep-failed', message, { argv }));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { sweep, error } = JSON.parse(line) as SaidLine;
      if (sweep !== undefined) resolve(sweep);
      else if (error) fail(error.message);
    });
    child.on('error', (error) => fail(error.message));
    child.on('close', (code) => fail(printed.trim() || `The sweep ended with code ${String(code)}.`));
  });
  child.unref();
  return folder;
}

export interface PlannedTrials {
  /** The values of each. */
  readonly trials: readonly Readonly<Record<string, unknown>>[];
  /** The name of the target that takes all of them as one job; null: they train one after another. */
  readonly array: string | null;
}

/** The trials that the arguments ask for, without starting any. @throws MarginError `sweep-failed` */
export async function plannedTrials(extension: vscode.Uri, argv: readonly string[]): Promise<PlannedTrials> {
  let target: string | null = null;
  const trials: Readonly<Record<string, unknown>>[] = [];
  let failure = '';
  const { token } = new vscode.CancellationTokenSource();
  const { code, stderr } = await marginCommand(extension, ['sweep', ...argv, '--dry_run', '--json'], token, (line) => {
    const { values, array, error } = JSON.parse(line) as SaidLine;
    if (values) trials.push(values);
    if (array !== undefined) target = array;
    if (error) failure = error.message;
  });
  if (code === 0) return { trials, array: target };
  throw new MarginError('sweep-failed', failure || stderr, { argv });
}
