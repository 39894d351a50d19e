import { join } from 'node:path';
import * as vscode from 'vscode';
import { createFile } from '../../base/node/createFile';
import { cloneFolder, clonedKeys } from '../../run/clone';
import { readRun } from '../../run/find';

/**
 * Writes the config of a run into a new `NAME-2.train.json` beside its data, with the next free number.
 *
 * @returns the new file
 * @throws MarginError those of reading the run
 */
export async function cloneRun(folder: string): Promise<vscode.Uri> {
  const { name, config } = await readRun(folder);
  const target = cloneFolder(config.config);
  const text = `${JSON.stringify(clonedKeys(config.config, target), null, 2)}\n`;
  const stem = name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replace(/-\d+$/, '');
  for (let n = 2; ; n++) {
    const file = join(target, `${stem}-${n}.train.json`);
    if (await createFile(file, text)) return vscode.Uri.file(file);
  }
}
