import * as vscode from 'vscode';

interface GitExtension {
  getAPI(version: 1): { readonly git: { readonly path: string } };
}

/** The git that VS Code's own git extension has found or was told to use; else the one on the path. */
export function gitProgram(): string {
  const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
  if (!extension?.isActive) return 'git';
  try {
    return extension.exports.getAPI(1).git.path;
  } catch {
    // The setting git.enabled is off, or the extension found no git. Then an error says so when git is run.
    return 'git';
  }
}
