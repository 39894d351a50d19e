import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { MarginError } from '../pairs/marginError';
import { pickOrBrowse } from './train/askTraining';
import { requireTrust } from './train/startTraining';

/** The end of what a failed command printed is enough to say why. */
const keptError = 2000;

/** *Margin: Score with Model…*: rewards of every pair under a model or checkpoint, by `margin score` in a process of its own. */
export async function scoreWithModel(extension: vscode.Uri, dataset: vscode.Uri): Promise<vscode.Uri | null> {
  requireTrust();
  const model = await pickOrBrowse([], vscode.l10n.t('Score: model folder (1/2)'), { canSelectFolders: true, canSelectFiles: false });
  if (!model) return null;
  const adapter = await pickOrBrowse([], vscode.l10n.t('Score: adapter folder of a checkpoint (2/2)'), { canSelectFolders: true, canSelectFiles: false });
  if (!adapter) return null;
  const out = join(dirname(dataset.fsPath), '.margin', 'scores', `${new Date().toISOString().replaceAll(/[:.]/g, '-')}.jsonl`);
  await mkdir(dirname(out), { recursive: true });
  const argv = [join(extension.fsPath, 'dist', 'cli.js'), 'score', dataset.fsPath, '--model', model.fsPath, '--adapter', adapter.fsPath, '--out', out];
  const title = vscode.l10n.t('Scoring every pair');
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (_progress, token) => run(argv, token));
  return vscode.Uri.file(out);
}

function run(argv: readonly string[], token: vscode.CancellationToken): Promise<void> {
  const child = spawn(process.execPath, [...argv], { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, stdio: ['ignore', 'ignore', 'pipe'] });
  token.onCancellationRequested(() => child.kill());
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-keptError)));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      if (token.isCancellationRequested) reject(new vscode.CancellationError());
      else if (code === 0) resolve();
      else reject(new MarginError('score-failed', complaint.trim() || vscode.l10n.t('Scoring ended with code {0}.', String(code))));
    });
  });
}
