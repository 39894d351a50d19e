import { basename } from 'node:path';
import * as vscode from 'vscode';
import { formatValue } from '../../run/compared/formatValue';
import { folderBytes, listTrash, restoreRun, trashFolder } from '../../run/trash';
import type { Notices } from '../notices';
import { type Choice, pickOne } from '../quickSteps';
import type { RunsModel } from './runsModel';

/**
 * Asks for a run in Margin's own trash, and moves it back to where it was.
 *
 * @returns its folder; null: none was chosen
 */
export async function restoreFromTrash(runs: RunsModel, notices: Notices): Promise<string | null> {
  const choices = await trashedRuns(runs);
  if (choices.length === 0) {
    await notices.info(
      'Margin’s own trash has no runs. Deleted runs go to the system’s trash where there is one: look for them there.',
    );
    return null;
  }
  const chosen = await pickOne(choices, { title: 'Restore Run', placeHolder: 'A run of the trash, newest first' });
  if (!chosen) return null;
  const folder = await restoreRun(chosen.value);
  notices.log.info(`Run restored: ${folder}`);
  await runs.refresh();
  return folder;
}

/** The runs in the trash of each folder that holds runs. */
async function trashedRuns(runs: RunsModel): Promise<Choice<string>[]> {
  const folders = new Set((await runs.outputDirs()).map(trashFolder));
  const found = (await Promise.all([...folders].map(listTrash))).flat().sort((a, b) => b.at - a.at);
  const choices: Choice<string>[] = [];
  for (const { folder, from, at } of found) {
    const when = new Date(at).toLocaleString(vscode.env.language);
    const description = `deleted ${when} · ${formatValue(await folderBytes(folder), 'bytes')}`;
    choices.push({ label: basename(from), description, detail: from, value: folder });
  }
  return choices;
}
