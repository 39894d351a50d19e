import { setTimeout as sleep } from 'node:timers/promises';
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { at } from '../../base/pure/must';
import { plainLabel, plainLine } from '../../base/pure/plainText';
import { sharedNames } from '../runs/runNames';
import type { Dataset, DatasetsModel } from './datasetsModel';

/**
 * Counts that arrive within this time appear together with the list: a row that is redrawn while the person clicks it
 * loses the click.
 */
const patienceMs = 300;

/** A note about the list as a whole. */
type ListNote =
  { readonly note: 'more'; readonly files: number } | { readonly note: 'folder'; readonly folder: string };

/** A row of the list. It stays the same object while its file is listed, so that VS Code can draw it alone. */
interface ListedFile {
  readonly uri: vscode.Uri;
  dataset: Dataset;
  /** Its folder, where another listed file has the same name; else null. */
  folder: string | null;
}

/**
 * *Datasets* of the side bar: every file that may hold preference data, with its format, rows and problems, or with the
 * reason why Margin cannot read it.
 */
export class DatasetsView implements vscode.TreeDataProvider<ListedFile | ListNote>, vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<ListedFile[] | undefined>();
  readonly onDidChangeTreeData = this.emitter.event;
  private readonly following: vscode.Disposable;
  private listed: readonly ListedFile[] = [];
  private notes: readonly ListNote[] = [];

  constructor(private readonly model: DatasetsModel) {
    this.following = model.onDidChange(() => this.update());
  }

  async getChildren(element?: ListedFile | ListNote): Promise<(ListedFile | ListNote)[]> {
    if (element) return [];
    await this.model.ready();
    await Promise.race([this.model.counted(), sleep(patienceMs)]);
    const known = new Map(this.listed.map((file) => [file.uri.toString(), file]));
    const shared = sharedNames(this.model.datasets.map(({ uri }) => ({ name: basename(uri.path) })));
    this.listed = this.model.datasets.map((dataset) => {
      const folder = shared.has(basename(dataset.uri.path)) ? folderOf(dataset.uri) : null;
      const file = known.get(dataset.uri.toString()) ?? { uri: dataset.uri, dataset, folder };
      return Object.assign(file, { dataset, folder });
    });
    this.notes = notesOf(this.model);
    return [...this.listed, ...this.notes];
  }

  getTreeItem(element: ListedFile | ListNote): vscode.TreeItem {
    if ('note' in element) return noteItem(element);
    const { dataset, folder } = element;
    const item =
      dataset.look.kind === 'unread' ? unreadItem(dataset, dataset.look) : datasetItem(dataset, dataset.look);
    if (folder !== null) item.description = plainLabel(`${folder} · ${String(item.description)}`);
    return item;
  }

  /**
   * Draws the rows that have changed, or the whole list if it holds other files. VS Code forgets all rows of a list
   * that it draws as a whole: a command of a menu that is open then gets no file.
   */
  private update(): void {
    const { datasets } = this.model;
    const { listed } = this;
    const isSameList =
      datasets.length === listed.length &&
      datasets.every(({ uri }, i) => uri.toString() === listed[i]?.uri.toString()) &&
      JSON.stringify(notesOf(this.model)) === JSON.stringify(this.notes);
    if (!isSameList) return this.emitter.fire(undefined);
    const changed = listed.filter((file, i) => {
      const { look, counts } = at(datasets, i);
      const isOther = look !== file.dataset.look || counts !== file.dataset.counts;
      file.dataset = at(datasets, i);
      return isOther;
    });
    if (changed.length > 0) this.emitter.fire(changed);
  }

  dispose(): void {
    this.following.dispose();
    this.emitter.dispose();
  }
}

function notesOf({ folder, more }: DatasetsModel): readonly ListNote[] {
  return [
    ...(folder === null ? [] : [{ note: 'folder', folder } as const]),
    ...(more === 0 ? [] : [{ note: 'more', files: more } as const]),
  ];
}

/** The folder of a file, relative to the workspace; `.` is the workspace itself. */
function folderOf(uri: vscode.Uri): string {
  return dirname(vscode.workspace.asRelativePath(uri));
}

const number = (value: number): string => value.toLocaleString(vscode.env.language);

function fileItem({ uri }: Dataset, description: string, details: readonly string[]): vscode.TreeItem {
  const item = new vscode.TreeItem(uri);
  const path = plainLine(vscode.workspace.asRelativePath(uri));
  item.id = uri.toString();
  item.label = plainLabel(basename(uri.fsPath));
  item.description = plainLabel(description);
  item.tooltip = [path, ...details.map(plainLine)].join('\n');
  item.accessibilityInformation = { label: `${path}, ${item.description}` };
  return item;
}

function datasetItem(dataset: Dataset, { kind, shape }: Exclude<Dataset['look'], { kind: 'unread' }>): vscode.TreeItem {
  const { counts } = dataset;
  const [one, many] = kind === 'lists' ? ['list', 'lists'] : ['row', 'rows'];
  const rows = counts ? [counts.rows === 1 ? `1 ${one}` : `${number(counts.rows)} ${many}`] : [];
  const problems = counts?.problems
    ? [counts.problems === 1 ? '1 problem' : `${number(counts.problems)} problems`]
    : [];
  const item = fileItem(dataset, [...rows, ...problems, shape].join(' · '), [shape, ...rows, ...problems]);
  item.contextValue = `dataset.${kind}`;
  item.command = { command: 'margin.openAsPairs', title: 'Open as Pairs', arguments: [dataset.uri] };
  return item;
}

function unreadItem(dataset: Dataset, { reason, rows }: Extract<Dataset['look'], { kind: 'unread' }>): vscode.TreeItem {
  const item = fileItem(dataset, reason, [reason]);
  item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
  item.contextValue = rows ? 'dataset.lines' : 'dataset.other';
  item.command = { command: 'margin.explainFile', title: 'Why It Cannot Be Read', arguments: [dataset] };
  return item;
}

function noteItem(note: ListNote): vscode.TreeItem {
  const label = note.note === 'folder' ? `Only ${note.folder}` : `${number(note.files)} more files`;
  const item = new vscode.TreeItem(plainLabel(label));
  item.id = `margin:${note.note}`;
  item.description =
    note.note === 'folder' ? 'choose another folder, or all' : 'were not looked at: choose a folder to list';
  item.iconPath = new vscode.ThemeIcon(note.note === 'folder' ? 'filter-filled' : 'filter');
  item.contextValue = 'note';
  item.command = { command: 'margin.chooseFolder', title: 'Choose Folder of Datasets…' };
  return item;
}
