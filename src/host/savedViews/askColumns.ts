import * as vscode from 'vscode';
import { keysOfColumn, listColumn, listColumns } from '../../pairs/listColumns/columns';
import type { ListLayout } from '../../pairs/listColumns/layout';
import { type Choice, pickMany } from '../quickSteps';

const title = 'Margin: Choose Columns';

/**
 * Asks which columns the list shows.
 *
 * @param paths keys of the rows, as columns
 * @returns null if the person closed a list, or chose no column
 */
export async function askColumns(now: ListLayout, paths: readonly string[]): Promise<readonly string[] | null> {
  const shown = new Set(now.map(({ id }) => id));
  const own = new Set([...now.map(({ id }) => id).filter((id) => keysOfColumn(id) !== null), ...paths]);
  const choice = (id: string): Choice<string | null>[] => {
    const column = listColumn(id);
    return column ? [{ label: column.title, description: column.help, picked: shown.has(id), value: id }] : [];
  };
  const another: Choice<string | null> = {
    label: 'Another key…',
    description: 'a key of the rows, such as .meta.topic',
    alwaysShow: true,
    value: null,
  };
  const picked = await pickMany([...listColumns.map(({ id }) => id), ...own].flatMap(choice).concat(another), {
    title,
    matchOnDescription: true,
    ignoreFocusOut: true,
    placeHolder: 'The columns of the list; the menu of its head moves and hides them',
  });
  if (!picked) return null;
  const ids = picked.flatMap(({ value }) => value ?? []);
  const key = picked.some(({ value }) => value === null) ? await askKey() : null;
  if (key === undefined) return null;
  const all = key === null ? ids : [...new Set([...ids, key])];
  return all.length === 0 ? null : all;
}

async function askKey(): Promise<string | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    ignoreFocusOut: true,
    value: '.',
    prompt: 'A key of the rows after a dot: .topic, .meta.topic, ."a key"',
    validateInput: (value) => (isKey(value) ? null : 'Write a key after a dot: .topic, .meta.topic, ."a key"'),
  });
  return text?.trim();
}

function isKey(text: string): boolean {
  return keysOfColumn(text.trim()) !== null && listColumn(text.trim()) !== null;
}
