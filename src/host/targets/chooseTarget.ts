import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import type { KeyEdit } from '../../run/configEdits';
import { checkTrainConfig } from '../../run/trainConfig';
import { configFields } from '../../run/configFields';
import { keyTable } from '../../run/keys/keys';
import { localTarget } from '../../trl/knownTargets';
import { listTargets } from '../../trl/targets/listTargets';
import { editConfigFile } from '../editConfigFile';
import type { Notices } from '../notices';
import { type Choice, pickOne } from '../quickSteps';
import { uriName } from '../uriName';
import { targetChoices } from './targetChoices';

/** Asks where a run of TRL should train, and writes the answer into the config, as one undo step. */
export async function chooseTarget(file: vscode.Uri, notices: Notices): Promise<void> {
  const document = await vscode.workspace.openTextDocument(file);
  const { backend, target, folder } = placeOf(document.getText(), file.fsPath);
  const choices: Choice<string>[] = targetChoices(await listTargets(folder), target);
  const placeHolder = 'Where the run trains. Targets other than this machine need TRL (backend: trl).';
  const chosen = await pickOne(choices, { title: 'Margin: Target', placeHolder, matchOnDescription: true });
  if (chosen === undefined) return;
  const needsTrl = chosen.value !== localTarget && backend !== 'trl';
  const edits = [
    { name: 'target', json: chosen.value === localTarget ? null : JSON.stringify(chosen.value) },
    ...(needsTrl ? [{ name: 'backend', json: '"trl"' }] : []),
  ];
  await write(document, edits, notices);
}

async function write(document: vscode.TextDocument, edits: readonly KeyEdit[], notices: Notices): Promise<void> {
  const { uri } = document;
  const name = uriName(uri);
  if (!(await editConfigFile(document, edits))) return void notices.info(`${name} has this target already.`);
  if (!isOpen(uri)) await vscode.window.showTextDocument(document, { preview: false });
  const text = edits.map((edit) => (edit.json === null ? `no ${edit.name}` : `${edit.name}: ${edit.json}`)).join(', ');
  const why = edits.length > 1 ? ' Only TRL trains on a target, so the backend has changed too.' : '';
  const { problems } = checkTrainConfig(document.getText(), uri.fsPath);
  const [first] = problems;
  const problem = first === undefined ? '' : ` A run does not start yet: ${first.message}.`;
  const said = `${name} has ${text} now; undo takes it back.${why}${problem}`;
  await (first === undefined ? notices.info(said) : notices.warn(said));
}

/** The keys that say where a run trains, and the folder whose targets count. A config with problems has some too. */
function placeOf(text: string, file: string): { backend: unknown; target: string; folder: string } {
  const { config, problems } = checkTrainConfig(text, file);
  const broken = problems.find(({ field }) => field === null);
  if (broken) throw new MarginError('config', `${file}:${broken.line}: ${broken.message}`, { file, problems });
  if (config) return { backend: config.backend, target: config.target, folder: config.output_dir };
  const given = (name: string): unknown => configFields(text).find((field) => field.name === name)?.value;
  const target = given('target') ?? keyTable.target.default;
  return { backend: given('backend'), target: String(target), folder: dirname(file) };
}

function isOpen(uri: vscode.Uri): boolean {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.some(({ input }) => {
    const isFile = input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom;
    return isFile && input.uri.toString() === uri.toString();
  });
}
