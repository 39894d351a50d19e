import * as vscode from 'vscode';
import type { Notices } from './notices';
import { pickOne } from './quickSteps';

/** Most configs that are offered. */
const maxConfigs = 200;

export const isConfig = (uri: vscode.Uri | undefined): uri is vscode.Uri => uri?.path.endsWith('.train.json') === true;

/**
 * Asks for a `*.train.json` of the workspace.
 *
 * @param what for whom it is, as in "A sweep"
 * @returns undefined if there is none, or the person closed the list
 */
export async function askConfigFile(
  notices: Notices,
  title: string,
  placeHolder: string,
  what: string,
): Promise<vscode.Uri | undefined> {
  const found = await vscode.workspace.findFiles('**/*.train.json', '**/node_modules/**', maxConfigs);
  const items = found.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }));
  if (items.length === 0) await notices.info(`${what} needs a *.train.json. Margin: Train… writes one.`);
  return items.length === 0 ? undefined : (await pickOne(items, { title, placeHolder }))?.uri;
}
