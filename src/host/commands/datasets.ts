import { basename } from 'node:path';
import * as vscode from 'vscode';
import { pickOne } from '../quickSteps';
import { type CommandServices, type Commands, fileOf } from './target';

/** What acts on the list of datasets and its entries. */
export function datasetCommands(services: CommandServices): Commands {
  return {
    'margin.explainFile': (target) => explain(services, fileOf(target)),
    'margin.chooseFolder': () => chooseFolder(services),
  };
}

/** Why a file of the list cannot be read, and what to do. */
async function explain({ datasets, notices }: CommandServices, uri: vscode.Uri | undefined): Promise<void> {
  const found = (await datasets.ready()).find((dataset) => dataset.uri.toString() === uri?.toString());
  if (found?.look.kind !== 'unread') return;
  const { reason, rows } = found.look;
  const { t } = vscode.l10n;
  const [pairs, text] = [t('Open as Pairs'), t('Open as Text')];
  const answer = await notices.warn(`${basename(found.uri.fsPath)} ${reason}`, ...(rows ? [pairs, text] : [text]));
  if (answer === pairs) await vscode.commands.executeCommand('margin.openAsPairs', found.uri);
  if (answer === text) await vscode.commands.executeCommand('vscode.openWith', found.uri, 'default');
}

async function chooseFolder({ datasets }: CommandServices): Promise<void> {
  await datasets.ready();
  const { t } = vscode.l10n;
  const all = { label: t('All folders'), folder: null };
  const folders = datasets
    .folders()
    .map(({ folder, files }) => ({ label: folder, description: t('{0} files', files), folder }));
  const picked = await pickOne([all, ...folders], {
    title: t('Margin: Folder of Datasets'),
    placeHolder: t('List the files of'),
  });
  if (picked) await datasets.choose(picked.folder);
}
