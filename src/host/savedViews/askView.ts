import * as vscode from 'vscode';
import { listColumns } from '../../pairs/listColumns/columns';
import type { Field } from '../../pairs/query/field';
import { fields } from '../../pairs/query/fields';
import { parseSort } from '../../pairs/query/parseSort';
import { BadQuery } from '../../pairs/query/queryError';
import { hasSortableTexts } from '../../pairs/query/sortKey';
import type { View } from '../../protocol/pairEditor';
import { type Choice, pickOne, pickOrRemove } from '../quickSteps';
import { type SavedView, type SavedViews, viewText } from './savedViews';

type Order = Pick<View, 'sort' | 'descending'>;

const answers = ['chosen', 'rejected'];
const sides = ['prompt', ...answers];

interface Sortable {
  /** As the filter writes it: `len(chosen)`, `model`. */
  readonly sum: string;
  readonly help: string;
}

const ofFields: readonly Sortable[] = [
  ...fields.filter(({ type }) => type === 'number').flatMap(numbersOf),
  ...fields.filter(({ name }) => hasSortableTexts(name)).map(({ name, help }) => ({ sum: name, help })),
].filter(({ sum }) => sum !== 'line');

/** What rows can be sorted by: the numbers, the fields with few texts, then what else the list shows. */
const sortable: readonly Sortable[] = [
  ...ofFields,
  ...listColumns
    .filter(({ sort }) => !ofFields.some(({ sum }) => sum === sort))
    .map(({ sort, help }) => ({ sum: sort, help })),
];

function numbersOf({ name, part, help }: Field): readonly Sortable[] {
  if (part !== 'required') return [{ sum: name, help }];
  const parts = name === 'reward' || name === 'score' ? answers : sides;
  return parts.map((side) => ({ sum: `${name}(${side})`, help }));
}

/** Asks what to sort by, then for the direction. @returns null if the person closed a list */
export async function askOrder(now: View): Promise<Order | null> {
  const own: Choice<string | null> = {
    label: 'Another number or text…',
    description: 'a key of the rows such as .score or .meta.source, or a sum such as len(chosen)/len(rejected)',
    alwaysShow: true,
    value: null,
  };
  const listed = sortable.map(({ sum, help }): Choice<string | null> => ({
    label: sum,
    description: sum === now.sort ? `now · ${help}` : help,
    value: sum,
  }));
  const options = { title: 'Margin: Sort Pairs by', matchOnDescription: true };
  const picked = await pickOne([...listed, own], options);
  const sort = picked && (picked.value ?? (await askSum(now.sort)));
  if (sort === undefined) return null;
  const directions: readonly Choice<boolean>[] = [
    { label: 'Lowest first', value: false },
    { label: 'Highest first', value: true },
  ];
  const direction = await pickOne(directions, { title: `Margin: Sort Pairs by ${sort}` });
  return direction ? { sort, descending: direction.value } : null;
}

function askSum(now: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: 'Margin: Sort Pairs by',
    ignoreFocusOut: true,
    prompt:
      'A number, a field or a key of the rows: .score, len(chosen)/len(rejected), model. Rows without it come last.',
    value: now === 'row' ? '' : now,
    validateInput: (text) => sortError(text),
  });
}

/** What is wrong with a number to sort by; null if it can be read. */
function sortError(text: string): string | null {
  try {
    return parseSort(text).descending ? 'The direction is asked for next: leave out the - before it.' : null;
  } catch (error) {
    if (error instanceof BadQuery) return error.error.message;
    throw error;
  }
}

/** Asks for the name of the present view. @returns undefined if the person closed the box */
export function askName(views: SavedViews, now: View): Thenable<string | undefined> {
  const names = new Set(views.all.map(({ name }) => name));
  return vscode.window.showInputBox({
    title: 'Margin: Save View',
    ignoreFocusOut: true,
    prompt: `A name for ${viewText(now)}`,
    validateInput: (text) => {
      if (text.trim() === '') return 'Type a name.';
      if (!names.has(text.trim())) return null;
      return { message: `It replaces the view ${text.trim()}.`, severity: vscode.InputBoxValidationSeverity.Warning };
    },
  });
}

/** Asks which view to open; a button removes one. @returns undefined if the person closed the list */
export function askSaved(views: SavedViews, failed: (error: unknown) => void): Promise<SavedView | undefined> {
  return pickOrRemove({
    title: 'Margin: Open View',
    placeholder: 'A filter and order to show',
    removeLabel: 'Remove the view',
    choices: () => views.all.map((view) => ({ label: view.name, description: viewText(view), value: view })),
    remove: ({ name }) => views.remove(name),
    failed,
  });
}
