import { basename } from 'node:path';
import * as vscode from 'vscode';
import { pickOne } from '../quickSteps';
import { type CommandServices, type Commands, fileOf } from './target';

/** Commands of the Datasets view. */
export function datasetCommands(services: CommandServices) {
  return {
    'margin.explainFile': (target) => explain(services, fileOf(target)),
    'margin.chooseFolder': () => chooseFolder(services),
  } satisfies Partial<Commands>;
}

/** Shows why Margin cannot read a listed file, and what to do. */
async function explain({ datasets, notices }: CommandServices, uri: vscode.Uri | undefined): Promise<void> {
  const found = (await datasets.ready()).find((dataset) => dataset.uri.toString() === uri?.toString());
  if (found?.look.kind !== 'unread') return;
  const { reason, rows } = found.look;
  const [pairs, text, format] = ['Open as Pairs', 'Open as Text', 'Choose Format…'];
  const answer = await notices.warn(
    `${basename(found.uri.fsPath)} ${reason}`,
    ...(rows ? [format, pairs, text] : [text]),
  );
  if (answer === pairs) await vscode.commands.executeCommand('margin.openAsPairs', found.uri);
  if (answer === format) await vscode.commands.executeCommand('margin.chooseFormat', found.uri);
  if (answer === text) await vscode.commands.executeCommand('vscode.openWith', found.uri, 'default');
}

async function chooseFolder({ datasets }: CommandServices): Promise<void> {
  await datasets.ready();
  const all = { label: 'All folders', folder: null };
  const folders = datasets
    .folders()
    .map(({ folder, files }) => ({ label: folder, description: `${files} files`, folder }));
  const picked = await pickOne([all, ...folders], {
    title: 'Margin: Folder of Datasets',
    placeHolder: 'Which folder to list',
  });
  if (picked) await datasets.choose(picked.folder);
}
