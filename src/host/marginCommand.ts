import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';

/** The end of what a failed command printed is enough to say why. */
const keptError = 2000;

export interface EndedCommand {
  readonly code: number | null;
  /** The end of what it said to people. */
  readonly complaint: string;
}

/**
 * `margin ARGUMENTS` in a process of its own: models run there, never in the editor's.
 *
 * @param onLine takes each line of its output
 * @throws CancellationError
 */
export async function marginCommand(
  extension: vscode.Uri,
  argv: readonly string[],
  token: vscode.CancellationToken,
  onLine: (line: string) => void,
): Promise<EndedCommand> {
  const cli = join(extension.fsPath, 'dist', 'cli.js');
  const child = spawn(process.execPath, [cli, ...argv], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  token.onCancellationRequested(() => child.kill());
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-keptError)));
  createInterface({ input: child.stdout }).on('line', onLine);
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (token.isCancellationRequested) throw new vscode.CancellationError();
  return { code, complaint: complaint.trim() };
}
