import * as vscode from 'vscode';

/** The one place where errors reach a person. What was cancelled is not an error. */
export function showError(error: unknown): void {
  if (error instanceof vscode.CancellationError || (error instanceof Error && error.name === 'AbortError')) return;
  void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
}
