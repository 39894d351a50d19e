import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { Exported } from '../../protocol/statistics';
import { uriName } from '../uriName';
import type { Notices } from '../notices';

const kinds = { csv: 'CSV', svg: 'SVG', png: 'PNG' } as const;

/** Asks where to save a chart or table, beside the data file at first. @returns whether it was saved */
export async function saveExport(beside: vscode.Uri, exported: Exported, notices: Notices): Promise<boolean> {
  const { name, kind, content } = exported;
  const target = await vscode.window.showSaveDialog({
    title: `Margin: Save as ${kinds[kind]}`,
    defaultUri: vscode.Uri.file(join(dirname(beside.fsPath), name)),
    filters: { [kinds[kind]]: [kind] },
  });
  if (!target) return false;
  const bytes = kind === 'png' ? Buffer.from(content, 'base64') : Buffer.from(content);
  await vscode.workspace.fs.writeFile(target, bytes);
  notices.info(`${uriName(target)} is saved.`).then(undefined, notices.error);
  return true;
}
