import { join } from 'node:path';
import type * as vscode from 'vscode';
import { requireRuntime } from '../base/node/nativeRuntime';
import { parseTrainConfig, readTrainConfig } from '../run/trainConfig';

/**
 * Refuses before any question is asked what this package of Margin cannot do.
 *
 * @throws MarginError `no-runtime`
 */
export function requireRuntimeOf(extension: vscode.Uri): void {
  requireRuntime(join(extension.fsPath, 'dist'));
}

/**
 * The same for a training with a config: TRL trains without ONNX Runtime.
 *
 * @throws MarginError `no-runtime`; those of reading the config
 */
export async function requireTrainerOf(extension: vscode.Uri, configFile: vscode.Uri): Promise<void> {
  const config = parseTrainConfig(await readTrainConfig(configFile.fsPath), configFile.fsPath);
  if (config.backend !== 'trl') requireRuntimeOf(extension);
}
