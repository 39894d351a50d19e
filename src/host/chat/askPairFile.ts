import { basename } from 'node:path';
import * as vscode from 'vscode';
import { isMarksName } from '../../pairs/marks/marksName';
import { readRun } from '../../run/find';
import type { ChatSource } from '../../train/chat/messages';
import { browse, type Choice, openOne, pickOne } from '../quickSteps';

/** How the question is asked. */
interface Asking {
  readonly title: string;
  readonly placeHolder: string;
  /** The name that a new file gets if the person gives no other. */
  readonly newName: string;
}

const onePair: Asking = {
  title: 'Margin: Save as Pair',
  placeHolder: 'File of JSON Lines to append the pair to',
  newName: 'chat.jsonl',
};
const excluded = '**/{node_modules,.margin}/**';
const mostOffered = 50;
const filters = { 'JSON Lines': ['jsonl', 'ndjson'] };

/** A file, or where to look for one. */
type Place = { readonly path: string } | 'other' | 'new';

/**
 * Asks for the file of JSON Lines that gets the pairs. The datasets of the runs in the chat come first.
 *
 * @returns null if the person closed the list or the dialog
 */
export async function askPairFile(
  sources: readonly ChatSource[],
  { title, placeHolder, newName }: Asking = onePair,
): Promise<vscode.Uri | null> {
  const datasets = await Promise.all(
    sources.map(async (source) => {
      if (source.kind !== 'run') return null;
      // A run that cannot be read has been reported when its model was opened.
      const run = await readRun(source.folder).catch(() => null);
      return run && run.config.config.train_file;
    }),
  );
  const trained = new Set(datasets.filter((path) => path !== null));
  const found = await vscode.workspace.findFiles('**/*.{jsonl,ndjson}', excluded, mostOffered);
  const paths = new Set([...trained, ...found.map(({ fsPath }) => fsPath).sort()]);
  const choices: Choice<Place>[] = [...paths].flatMap((path) => {
    if (isMarksName(path) || !/\.(?:jsonl|ndjson)$/i.test(path)) return [];
    const description = trained.has(path) ? 'the run was trained on it' : '';
    return [{ label: basename(path), description, detail: vscode.workspace.asRelativePath(path), value: { path } }];
  });
  const others: Choice<Place>[] = [
    { ...browse<Place>('other'), label: 'Another File…' },
    { ...browse<Place>('new'), label: 'New File…', iconPath: new vscode.ThemeIcon('new-file') },
  ];
  const picked = await pickOne([...choices, ...others], { title, placeHolder, matchOnDetail: true });
  if (!picked) return null;
  if (picked.value === 'other') return openOne(title, { filters });
  if (picked.value !== 'new') return vscode.Uri.file(picked.value.path);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const place = folder ? { defaultUri: vscode.Uri.joinPath(folder, newName) } : {};
  return (await vscode.window.showSaveDialog({ title, ...place, filters })) ?? null;
}
