import * as vscode from 'vscode';
import { isRecord } from '../../base/pure/isRecord';
import type { EditRecord } from '../../pairs/marks/mark';
import { pairHistory, shownTexts } from '../../pairs/marks/pairHistory';
import { writeLine } from '../../pairs/writeLine';
import type { Notices } from '../notices';
import type { PairDocument } from '../pairEditor/pairDocument';
import { pickOne } from '../quickSteps';
import type { DocumentMarks } from './documentMarks';

/** Documents whose text is the query of their URI: a row before or after an edit. */
export const historyScheme = 'margin-history';

/** Shows the saved edits of a row; of one of them the difference, and an offer to restore the row before it. */
export async function showHistory(
  document: PairDocument,
  row: number,
  marks: DocumentMarks,
  notices: Notices,
): Promise<void> {
  const { revision } = document.lines;
  const [line = ''] = await document.lines.lines(row, 1);
  const key = marks.savedKeyOf(line);
  const edits = key === null ? [] : pairHistory(marks.book.edits, key);
  if (edits.length === 0) {
    const message = `No saved edit of this pair is recorded in ${vscode.workspace.asRelativePath(marks.path)}.`;
    await notices.info(marks.logsEdits ? message : `${message} The setting margin.editLog records edits.`);
    return;
  }
  const items = edits.map((edit) => ({ label: edit.action, description: whoAndWhen(edit), edit }));
  const choice = await pickOne(items, { title: 'Margin: Pair History', placeHolder: 'Show what an edit changed' });
  if (!choice) return;
  const { edit } = choice;
  const title = `${edit.action}, ${whoAndWhen(edit)}`;
  const [before, after] = shownTexts(edit, document.reading);
  await vscode.commands.executeCommand('vscode.diff', textUri('before', before), textUri('after', after), title);
  const restore = 'Restore the Row Before';
  if (!isRecord(edit.before) || (await notices.info(title, restore)) !== restore) return;
  await document.apply({ kind: 'raw', row, line: writeLine(line, edit.before) }, revision);
  await vscode.commands.executeCommand('vscode.openWith', document.uri, 'margin.pairs');
}

function whoAndWhen({ by, at }: EditRecord): string {
  return `${by === '' ? 'anonymous' : by} · ${new Date(at).toLocaleString()}`;
}

function textUri(name: string, text: string): vscode.Uri {
  return vscode.Uri.from({ scheme: historyScheme, path: `/${name}.txt`, query: text });
}
