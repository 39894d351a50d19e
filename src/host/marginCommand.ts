import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';

/** Characters kept of what a command prints to stderr; its end says why it failed. */
const keptError = 2000;

export interface EndedCommand {
  readonly code: number | null;
  /** The end of its stderr. */
  readonly stderr: string;
}

/**
 * Runs `margin ARGUMENTS` in its own process, so that no model runs in the extension host.
 *
 * @param onLine called with each line of its stdout
 * @param env variables that it gets beside those of this process
 * @param onProgress called with each line of its stderr, where it tells what it does
 * @throws CancellationError when the token is cancelled; the process is killed then
 */
export async function marginCommand(
  extension: vscode.Uri,
  argv: readonly string[],
  token: vscode.CancellationToken,
  onLine: (line: string) => void,
  env: Readonly<Record<string, string>> = {},
  onProgress: (line: string) => void = () => undefined,
): Promise<EndedCommand> {
  const cli = join(extension.fsPath, 'dist', 'cli.js');
  const child = spawn(process.execPath, [cli, ...argv], {
    env: { ...process.env, ...env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  token.onCancellationRequested(() => child.kill());
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-keptError)));
  createInterface({ input: child.stderr }).on('line', onProgress);
  createInterface({ input: child.stdout }).on('line', onLine);
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (token.isCancellationRequested) throw new vscode.CancellationError();
  return { code, stderr: stderr.trim() };
}
