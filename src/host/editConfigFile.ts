import * as vscode from 'vscode';
import { MarginError } from '../base/pure/marginError';
import { changedSpan, editConfig, type KeyEdit } from '../run/configEdits';
import { uriName } from './uriName';

/**
 * Changes keys of a config in its text document, as one undo step. Nothing is saved.
 *
 * @returns whether anything changed
 * @throws MarginError `read-only`
 * @throws FieldProblem if the text is not a JSON object
 */
export async function editConfigFile(document: vscode.TextDocument, edits: readonly KeyEdit[]): Promise<boolean> {
  const before = document.getText();
  const change = changedSpan(before, editConfig(before, edits));
  if (!change) return false;
  const range = new vscode.Range(document.positionAt(change.start), document.positionAt(change.end));
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, change.text);
  if (await vscode.workspace.applyEdit(edit)) return true;
  const { uri } = document;
  throw new MarginError('read-only', `${uriName(uri)} cannot be changed.`, { file: uri.fsPath });
}
