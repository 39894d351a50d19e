import { join } from 'node:path';
import type * as vscode from 'vscode';
import type { ProgramOptions } from '../../run/start';

/** The trainer, as this extension starts it. */
export function trainerProgram(extension: vscode.Uri): ProgramOptions {
  return { trainer: join(extension.fsPath, 'dist', 'trainer.js'), node: process.execPath };
}
