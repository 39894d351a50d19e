import { basename } from 'node:path';
import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { marginCommand } from '../marginCommand';
import type { Notices } from '../notices';
import { requireTrust } from '../train/requireTrust';
import type { Export } from './askExport';

/** A line of `margin export --json`. */
interface ExportLine {
  readonly what?: 'data' | 'weights';
  readonly done?: number;
  readonly total?: number;
  readonly error?: { readonly message: string };
}

/**
 * Runs `margin export` in its own process, with progress and *Cancel*. A cancelled or failed export leaves no files.
 *
 * @throws MarginError `export-failed` with the command's message; CancellationError
 */
export async function runExport(
  extension: vscode.Uri,
  notices: Notices,
  { source, format, outType, out }: Export,
): Promise<void> {
  requireTrust();
  const title = `Exporting ${basename(out)}`;
  const argv = [
    'export',
    source,
    '--format',
    format,
    '--out',
    out,
    '--json',
    ...(outType === null ? [] : ['--outtype', outType]),
  ];
  notices.log.info(`Exporting ${source} as ${format} to ${out}`);
  await notices.progress(title, async (report, token) => {
    let [shown, failure] = [0, ''];
    const { code, stderr } = await marginCommand(extension, argv, token, (line) => {
      const { what, done = 0, total = 0, error } = JSON.parse(line) as ExportLine;
      // Unlike stderr, this message has no progress lines in it.
      if (error) failure = error.message;
      if (!what || total === 0) return;
      const percent = Math.floor((100 * done) / total);
      // Only weights move the bar: the data is read before them, and is small compared with a model.
      if (what === 'data') report('reading the data for the model card', 0);
      else report(`${percent} %`, percent - shown);
      if (what === 'weights') shown = percent;
    });
    if (code !== 0)
      throw new MarginError('export-failed', failure || stderr || `Exporting ended with code ${String(code)}.`, {
        argv,
      });
  });
  notices.log.info(`Exported to ${out}`);
}

/** Reports a finished export, and shows its folder if the person asks for it. */
export async function showExport(notices: Notices, out: string): Promise<void> {
  const uri = vscode.Uri.file(out);
  const inside = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  const show = inside ? 'Show in Explorer' : 'Open Folder';
  if ((await notices.info(`Exported to ${vscode.workspace.asRelativePath(uri)}`, show)) !== show) return;
  if (inside) await vscode.commands.executeCommand('revealInExplorer', uri);
  else await vscode.commands.executeCommand('vscode.openFolder', uri, { forceNewWindow: true });
}
