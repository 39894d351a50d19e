import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';

/**
 * Refuses to work in an untrusted workspace, because a model and its chat template come from the author of the
 * workspace.
 *
 * @throws MarginError `untrusted`
 */
export function requireTrust(): void {
  if (!vscode.workspace.isTrusted) {
    throw new MarginError(
      'untrusted',
      'Training and scoring load models from the workspace, so they need a trusted workspace.',
    );
  }
}
