import * as vscode from 'vscode';
import { MarginError } from '../base/pure/marginError';
import type { FileReadings } from '../editor/fileReadings';
import { isTurn, placeOf, turnEdits } from '../editor/turnCommand';
import { knownRoles } from '../pairs/pair';
import type { PairEditorHost } from '../protocol/pairEditor';
import type { BrowserDocument } from './browserDocument';
import { BrowserEditor } from './browserEditor';
import { chooseFormat } from './chooseFormat';
import { namedFile } from './namedFile';
import { needsDesktop } from './needsDesktop';
import { pickOne } from './pickOne';

type Run = (...args: readonly unknown[]) => unknown;

/** The commands that act on the selected row, and what the view does. */
const acts = {
  'margin.pair.swap': 'swap',
  'margin.pair.delete': 'delete',
  'margin.pair.duplicate': 'duplicate',
  'margin.pair.insert': 'insert',
  'margin.pair.moveUp': 'moveUp',
  'margin.pair.moveDown': 'moveDown',
  'margin.pair.next': 'next',
  'margin.pair.previous': 'previous',
  'margin.pair.edit': 'edit',
  'margin.pair.tools': 'tools',
  'margin.pair.filter': 'focusFilter',
} as const satisfies Readonly<Record<string, PairEditorHost['events']['act']['name']>>;

/** The commands of `package.json` that the browser has. The manifest hides the others where `margin.web` is set. */
export function browserCommands(editor: BrowserEditor, readings: FileReadings): Readonly<Record<string, Run>> {
  const ofRow = Object.entries(acts).map(([id, act]): [string, Run] => [id, () => editor.active?.act(act)]);
  const ofTurn = Object.entries(turnEdits).map(([id, change]): [string, Run] => [
    id,
    (place) => isTurn(place) && editor.active?.editTurn(change(place), place.revision),
  ]);
  return {
    ...Object.fromEntries([...ofRow, ...ofTurn]),
    'margin.openAsPairs': (target) => openAs(target, BrowserEditor.viewType),
    'margin.openAsText': (target) => openAs(target, 'default'),
    'margin.goToRow': () => goToRow(editor),
    'margin.turn.changeRole': (place) => changeRole(editor, place),
    'margin.chooseFormat': () => chooseFormat(readings, shownIn(editor)),
    'margin.forgetFormat': () => readings.choose(namedFile(shownIn(editor).uri), null),
  };
}

async function openAs(target: unknown, viewType: string): Promise<void> {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const shown = input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText ? input.uri : null;
  const uri = target instanceof vscode.Uri ? target : shown;
  if (uri === null) throw needsDesktop('Files outside of the folder');
  await vscode.commands.executeCommand('vscode.openWith', uri, viewType);
}

/** @throws MarginError `no-pairs` if the person works in another editor */
function shownIn({ active }: BrowserEditor): BrowserDocument {
  if (active === null) throw new MarginError('no-pairs', 'Open a file as pairs first.');
  return active.open.document;
}

async function goToRow(editor: BrowserEditor): Promise<void> {
  const view = editor.active;
  if (!view) return;
  const text = await vscode.window.showInputBox({
    title: 'Margin: Go to Row',
    prompt: 'Number of the row in the file',
    validateInput: (value) => (/^[1-9]\d*$/.test(value) ? null : 'Type a row number, 1 or more'),
  });
  if (text !== undefined) view.reveal(Number(text) - 1);
  view.panel.reveal();
}

async function changeRole(editor: BrowserEditor, turn: unknown): Promise<void> {
  if (!isTurn(turn)) return;
  const items = knownRoles.map((label) => ({ label, ...(label === turn.role && { description: 'as it is' }) }));
  const asked = { title: 'Margin: Change Role', placeHolder: `The role is ${turn.role} now` };
  const role = (await pickOne(items, asked))?.label;
  if (role !== undefined) editor.active?.editTurn({ ...placeOf(turn), kind: 'changeRole', role }, turn.revision);
  editor.active?.panel.reveal();
}
