import { setTimeout as sleep } from 'node:timers/promises';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { plainLabel, plainLine } from '../plainText';
import type { Dataset, DatasetsModel } from './datasetsModel';

/**
 * Counts that arrive within this time appear together with the list: a row that is redrawn while the person clicks it
 * loses the click.
 */
const patienceMs = 300;

/** A note about the list as a whole. */
type ListNote =
  { readonly note: 'more'; readonly files: number } | { readonly note: 'folder'; readonly folder: string };

/**
 * *Datasets* of the side bar: every file that may hold preference data, with its format, rows and problems, or with the
 * reason why Margin cannot read it.
 */
export class DatasetsView implements vscode.TreeDataProvider<Dataset | ListNote>, vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.emitter.event;
  private readonly following: vscode.Disposable;

  constructor(private readonly model: DatasetsModel) {
    this.following = model.onDidChange(() => this.emitter.fire());
  }

  async getChildren(element?: Dataset | ListNote): Promise<(Dataset | ListNote)[]> {
    if (element) return [];
    await this.model.ready();
    await Promise.race([this.model.counted(), sleep(patienceMs)]);
    const { datasets, folder, more } = this.model;
    const notes: ListNote[] = [
      ...(folder === null ? [] : [{ note: 'folder', folder } as const]),
      ...(more === 0 ? [] : [{ note: 'more', files: more } as const]),
    ];
    return [...datasets, ...notes];
  }

  getTreeItem(element: Dataset | ListNote): vscode.TreeItem {
    if ('note' in element) return noteItem(element);
    return element.look.kind === 'unread' ? unreadItem(element, element.look) : datasetItem(element, element.look);
  }

  dispose(): void {
    this.following.dispose();
    this.emitter.dispose();
  }
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
