import { basename } from 'node:path';
import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { marginCommand } from '../marginCommand';
import type { Notices } from '../notices';
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
 * Writes an export by `margin export` in a process of its own, with progress that can be cancelled; a cancelled or
 * failed one leaves nothing.
 *
 * @throws MarginError with the command's own words; CancellationError
 */
export async function runExport(
  extension: vscode.Uri,
  notices: Notices,
  { source, format, out }: Export,
): Promise<void> {
  requireTrust();
  const title = `Exporting ${basename(out)}`;
  const argv = ['export', source, '--format', format, '--out', out, '--json'];
  notices.log.info(`Exporting ${source} as ${format} to ${out}`);
  await notices.progress(title, async (report, token) => {
    let [shown, failure] = [0, ''];
    const { code, complaint } = await marginCommand(extension, argv, token, (line) => {
      const { what, done = 0, total = 0, error } = JSON.parse(line) as Told;
      // What is said to people has progress in it; this has not.
      if (error) failure = error.message;
      if (!what || total === 0) return;
      const percent = Math.floor((100 * done) / total);
      // Weights alone move the bar: the data is read before them, and is small beside a model.
      if (what === 'data') report('reading the data for the model card', 0);
      else report(`${percent} %`, percent - shown);
      if (what === 'weights') shown = percent;
    });
    if (code !== 0)
      throw new MarginError('export-failed', failure || complaint || `Exporting ended with code ${String(code)}.`, {
        argv,
      });
  });
  notices.log.info(`Exported to ${out}`);
}

/** Tells that it is there, and shows it where the person wants. */
export async function showExport(notices: Notices, out: string): Promise<void> {
  const uri = vscode.Uri.file(out);
  const inside = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  const show = inside ? 'Show in Explorer' : 'Open Folder';
  if ((await notices.info(`Exported to ${vscode.workspace.asRelativePath(uri)}`, show)) !== show) return;
  if (inside) await vscode.commands.executeCommand('revealInExplorer', uri);
  else await vscode.commands.executeCommand('vscode.openFolder', uri, { forceNewWindow: true });
}
