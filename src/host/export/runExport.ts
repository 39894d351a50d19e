import { basename } from 'node:path';
import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { marginCommand } from '../marginCommand';
import { requireTrust } from '../train/startTraining';
import type { Export } from './askExport';

/** A line of `margin export --json`. */
interface Told {
  readonly what?: 'data' | 'weights';
  readonly done?: number;
  readonly total?: number;
  readonly error?: { readonly message: string };
}

/**
 * Writes an export by `margin export` in a process of its own, with progress that can be cancelled; a cancelled or failed one leaves nothing.
 *
 * @throws MarginError with the command's own words; CancellationError
 */
export async function runExport(extension: vscode.Uri, { source, format, out }: Export): Promise<void> {
  requireTrust();
  const title = vscode.l10n.t('Exporting {0}', basename(out));
  await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
    let [shown, failure] = [0, ''];
    const { code, complaint } = await marginCommand(extension, ['export', source, '--format', format, '--out', out, '--json'], token, (line) => {
      const { what, done = 0, total = 0, error } = JSON.parse(line) as Told;
      // What is said to people has progress in it; this has not.
      if (error) failure = error.message;
      if (!what || total === 0) return;
      const percent = Math.floor((100 * done) / total);
      // Weights alone move the bar: the data is read before them, and is small beside a model.
      progress.report({ message: what === 'data' ? vscode.l10n.t('reading the data for the model card') : `${percent} %`, increment: what === 'data' ? 0 : percent - shown });
      if (what === 'weights') shown = percent;
    });
    if (code !== 0) throw new MarginError('export-failed', failure || complaint || vscode.l10n.t('Exporting ended with code {0}.', String(code)));
  });
}

/** Tells that it is there, and shows it where the person wants. */
export async function showExport(out: string): Promise<void> {
  const { t } = vscode.l10n;
  const uri = vscode.Uri.file(out);
  const inside = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  const show = inside ? t('Show in Explorer') : t('Open Folder');
  if ((await vscode.window.showInformationMessage(t('Exported to {0}', vscode.workspace.asRelativePath(uri)), show)) !== show) return;
  if (inside) await vscode.commands.executeCommand('revealInExplorer', uri);
  else await vscode.commands.executeCommand('vscode.openFolder', uri, { forceNewWindow: true });
}
