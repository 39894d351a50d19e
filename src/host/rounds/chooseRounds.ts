import { basename, join } from 'node:path';
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { roundPaths } from '../../run/rounds/paths';
import { readRounds, roundNames } from '../../run/rounds/record';
import { browse, type Choice, openOne, pickOne } from '../quickSteps';

/** The folders of rounds in the workspace, in the order of their names. */
async function roundsOfWorkspace(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    const all = roundPaths.all(uri.fsPath);
    for (const name of await roundNames(all)) found.push(join(all, name));
  }
  return found;
}

/** Asks for rounds if there is more than one folder of them. @returns null if the person closed the list */
export async function chooseRounds(): Promise<string | null> {
  const folders = await roundsOfWorkspace();
  if (folders.length === 1) return folders[0] ?? null;
  const items = await Promise.all(folders.map(roundsItem));
  const picked = await pickOne([...items, browse<string | null>(null)], { title: 'Margin: Open Round' });
  if (!picked) return null;
  if (picked.value !== null) return picked.value;
  return (
    (await openOne('A folder in .margin/rounds', { canSelectFolders: true, canSelectFiles: false }))?.fsPath ?? null
  );
}

async function roundsItem(folder: string): Promise<Choice<string | null>> {
  const record = await readRounds(folder).catch(() => null);
  const count = record?.rounds.length ?? 0;
  const description = record === null ? 'cannot be read' : count === 1 ? '1 round' : `${count} rounds`;
  return { label: basename(folder), description, detail: folder, value: folder };
}

/** The rounds that a run continues: those whose last round trained it. Null if there are none. */
export async function roundsOfRun(run: string): Promise<string | null> {
  for (const folder of await roundsOfWorkspace()) {
    // The list of rounds says which cannot be read.
    const record = await readRounds(folder).catch(() => null);
    if (record?.rounds.at(-1)?.run === run) return folder;
  }
  return null;
}

/** A new folder for the rounds of a policy: in the workspace, with its name, and a number if that is taken. */
export function newRoundsFolder(policy: string): string {
  const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? join(policy, '..');
  const name = basename(policy)
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .slice(0, 40)
    .replace(/\.+$/, '');
  const all = roundPaths.all(root);
  const first = name === '' ? 'rounds' : name;
  for (let i = 1; ; i++) {
    const folder = join(all, i === 1 ? first : `${first}-${i}`);
    if (!existsSync(folder)) return folder;
  }
}
