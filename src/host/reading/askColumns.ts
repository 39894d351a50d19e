import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { readColumns } from '../../jsonl/node/columnsFile';
import { errorMessage } from '../../base/pure/marginError';
import type { JsonObject } from '../../pairs/json';
import { asColumns, type ColumnName, columnsProblem, columnTexts, type OwnColumns } from '../../pairs/own/ownColumns';
import { type FoundPath, pathsIn, suggestColumns } from '../../pairs/own/suggestColumns';
import { withColumns } from '../../pairs/reading';
import { countRead } from '../../editor/formatChoices';
import type { Notices } from '../notices';
import { openOne, pickOne } from '../quickSteps';
import { previewOf } from './preview';
import type { Readings } from './readings';

const pairNames = ['prompt', 'chosen', 'rejected', 'system', 'history', 'weight'] as const;
const judgedNames = ['prompt', 'completion', 'label', 'system', 'history', 'weight'] as const;
const previewRows = 3;

/** The action of a line in the dialog: it changes the columns, or ends the dialog. */
type Answer = 'use' | 'save' | 'file' | 'kind' | 'preview' | ColumnName;

interface Line extends vscode.QuickPickItem {
  readonly answer: Answer;
}

interface Draft {
  readonly judged: boolean;
  readonly columns: OwnColumns;
}

/**
 * The dialog for own columns: a list with one line per column, filled in from the names of the keys. Below, it shows
 * how the first rows are read now. A line opens the list of keys; the first line uses the columns for the file.
 */
export async function askColumns(
  readings: Readings,
  notices: Notices,
  uri: vscode.Uri,
  rows: readonly JsonObject[],
): Promise<void> {
  const paths = pathsIn(rows);
  let draft = draftOf(readings.of(uri).columns ?? suggestColumns(paths) ?? {});
  for (;;) {
    const answer = await askLine(uri, draft, rows, paths);
    if (answer === null) return;
    const columns = asColumns(draft.columns);
    if (answer === 'use' && columns) return readings.choose(uri, withColumns(columns));
    if (answer === 'save' && columns) return readings.save(uri, columns);
    draft = await changed(answer, draft, uri, paths, notices);
  }
}

async function changed(
  answer: Answer,
  draft: Draft,
  uri: vscode.Uri,
  paths: readonly FoundPath[],
  notices: Notices,
): Promise<Draft> {
  switch (answer) {
    case 'use':
    case 'save':
    case 'preview':
      return draft;
    case 'kind':
      return otherKind(draft);
    case 'file':
      return fromFile(uri, draft, notices);
    default:
      return askPath(answer, draft, uri, paths);
  }
}

async function askLine(
  uri: vscode.Uri,
  draft: Draft,
  rows: readonly JsonObject[],
  paths: readonly FoundPath[],
): Promise<Answer | null> {
  const columns = asColumns(draft.columns);
  const read = columns === null ? 0 : countRead(rows, withColumns(columns));
  const lines: Line[] = [
    ...(columns === null
      ? [{ label: missing(draft), answer: 'preview' as const }]
      : endLines(`reads ${read} of the first ${rows.length} rows`)),
    separator('Columns'),
    ...(draft.judged ? judgedNames : pairNames).map((name) => columnLine(name, draft, paths)),
    { label: draft.judged ? 'The rows are pairs instead' : 'The rows are judged answers instead', answer: 'kind' },
    { label: 'From another tool…', description: 'dataset_info.json (LLaMA-Factory), axolotl YAML', answer: 'file' },
    ...(columns === null
      ? []
      : [
          separator('First rows'),
          ...rows.slice(0, previewRows).map((row) => previewLine(previewOf(row, withColumns(columns)))),
        ]),
  ];
  const picked = await pickOne(lines, {
    title: `Margin: Columns of ${basename(uri.fsPath)}`,
    placeHolder: 'Choose a column to change it; the rows below are read as shown',
    ignoreFocusOut: true,
  });
  return picked === undefined ? null : picked.answer;
}

function endLines(read: string): Line[] {
  return [
    { label: 'Use for this file', description: read, answer: 'use' },
    { label: 'Save in the workspace’s settings', description: 'margin.columns', answer: 'save' },
  ];
}

function missing({ columns }: Draft): string {
  return `The columns ${String(columnsProblem(columns))}.`;
}

function columnLine(name: ColumnName, { columns }: Draft, paths: readonly FoundPath[]): Line {
  const path = columns[name];
  const example = paths.find((found) => found.path === path)?.example;
  const shown = example === undefined ? '' : ` · ${example}`;
  return { label: labelOf(name), description: path === undefined ? '–' : `${path}${shown}`, answer: name };
}

function previewLine(label: string): Line {
  return { label, answer: 'preview' };
}

function separator(label: string): Line {
  return { label, kind: vscode.QuickPickItemKind.Separator, answer: 'preview' };
}

function labelOf(name: ColumnName): string {
  const text = columnTexts[name].replace(/^the /, '');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The list of keys for a column, each with an example. */
async function askPath(name: ColumnName, draft: Draft, uri: vscode.Uri, paths: readonly FoundPath[]): Promise<Draft> {
  const fits = ({ kind }: FoundPath): boolean =>
    name === 'weight' ? kind === 'number' || kind === 'flag' : name === 'label' ? kind !== 'turns' : kind !== 'number';
  const items = [...paths]
    .sort((a, b) => Number(fits(b)) - Number(fits(a)))
    .map(({ path, example }) => ({ label: path, description: example, path }));
  const picked = await pickOne<vscode.QuickPickItem & { readonly path: string | null }>(
    [...items, { label: 'None', path: null }],
    {
      title: `Margin: Columns of ${basename(uri.fsPath)}`,
      placeHolder: `Which key holds ${columnTexts[name]}`,
      matchOnDescription: true,
      ignoreFocusOut: true,
    },
  );
  if (picked === undefined) return draft;
  const { [name]: _, ...others } = draft.columns;
  return { ...draft, columns: picked.path === null ? others : { ...others, [name]: picked.path } };
}

function otherKind({ judged, columns }: Draft): Draft {
  const { chosen: _c, rejected: _r, completion: _a, label: _l, ...rest } = columns;
  return { judged: !judged, columns: rest };
}

async function fromFile(uri: vscode.Uri, draft: Draft, notices: Notices): Promise<Draft> {
  const file = await openOne('Margin: Columns from Another Tool', {
    defaultUri: vscode.Uri.file(dirname(uri.fsPath)),
    filters: { 'dataset_info.json, axolotl config': ['json', 'yml', 'yaml'] },
  });
  if (!file) return draft;
  try {
    const { columns, notes } = await readColumns(file.fsPath, dirname(uri.fsPath), uri.fsPath);
    if (notes.length > 0) notices.info(notes.join(' ')).then(undefined, notices.error);
    return draftOf(columns);
  } catch (error) {
    notices.warn(errorMessage(error)).then(undefined, notices.error);
    return draft;
  }
}

function draftOf(columns: OwnColumns): Draft {
  return { judged: columns.completion !== undefined || columns.label !== undefined, columns };
}
