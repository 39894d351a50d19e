import { join } from 'node:path';
import type * as vscode from 'vscode';
import { requireRuntime } from '../base/node/nativeRuntime';

/**
 * Refuses before any question is asked what this package of Margin cannot do.
 *
 * @throws MarginError `no-runtime`
 */
export function requireRuntimeOf(extension: vscode.Uri): void {
  requireRuntime(join(extension.fsPath, 'dist'));
}
