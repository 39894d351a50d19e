import * as vscode from 'vscode';
import type { NamedFile } from '../editor/fileReadings';

/** A file, as choices and settings name it. */
export function namedFile(uri: vscode.Uri): NamedFile {
  return {
    key: vscode.workspace.asRelativePath(uri),
    path: vscode.workspace.asRelativePath(uri, false),
    setting: (name) => vscode.workspace.getConfiguration(undefined, uri).get<unknown>(name),
  };
}
