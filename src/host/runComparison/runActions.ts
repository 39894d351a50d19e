import * as vscode from 'vscode';
import { rowsQuery } from '../../pairs/query/rowsQuery';
import type { ComparedRun } from '../../run/compared/comparedRun';
import { type RunColumn, usualColumns } from '../../run/compared/runColumns';
import { changeNotes } from '../../run/notes';
import type { Notices } from '../notices';
import type { PairEditorProvider } from '../pairEditor/provider';
import { pickMany } from '../quickSteps';
import type { PlacesNow } from './twoRuns';

/** Most characters of a filter that names rows; the filter language takes 10,000. */
const longestFilter = 9_000;
/** Key of the workspace's memory. */
const keptColumns = 'runColumns';

export interface RunActionServices {
  readonly editor: PairEditorProvider;
  readonly memory: vscode.Memento;
  readonly notices: Notices;
}

/** What a person can do in the view that compares runs. */
export class RunActions {
  constructor(private readonly services: RunActionServices) {}

  /** The ids of the columns that a person chose last, or the usual ones. */
  get columns(): readonly string[] {
    return this.services.memory.get<readonly string[]>(keptColumns) ?? usualColumns;
  }

  async chooseColumns(all: readonly RunColumn[]): Promise<void> {
    const shown = this.columns;
    // The chosen ones first, in their order; an unknown one is a metric that no run has logged now.
    const known = new Map(all.map((column) => [column.id, column]));
    const ids = [...new Set([...shown.filter((id) => known.has(id)), ...known.keys()])];
    const items = ids.flatMap((id) => {
      const column = known.get(id);
      return column
        ? [
            {
              label: id,
              description: column.label === id ? '' : column.label,
              detail: column.title,
              id,
              picked: shown.includes(id),
            },
          ]
        : [];
    });
    const picked = await pickMany(items, {
      title: 'Margin: Columns of Runs',
      ignoreFocusOut: true,
      matchOnDescription: true,
      placeHolder: 'Any metric or key of the config',
    });
    if (picked && picked.length > 0)
      await this.services.memory.update(
        keptColumns,
        picked.map(({ id }) => id),
      );
  }

  /** Asks for the tags of one or several runs. Tags that not all of them have stay, unless they are one run. */
  async editTags(runs: readonly ComparedRun[]): Promise<void> {
    const [first] = runs;
    if (!first) return;
    const shared = first.notes.tags.filter((tag) => runs.every(({ notes }) => notes.tags.includes(tag)));
    const what = runs.length === 1 ? first.name : `${runs.length} runs`;
    const answer = await vscode.window.showInputBox({
      title: `Margin: Tags of ${what}`,
      value: shared.join(', '),
      ignoreFocusOut: true,
      prompt: runs.length === 1 ? 'Separated by commas' : 'Separated by commas; tags that only some of them have stay',
    });
    if (answer === undefined) return;
    const tags = [...new Set(answer.split(',').map((tag) => tag.trim()))].filter((tag) => tag !== '');
    for (const { folder } of runs)
      await changeNotes(folder, (notes) => ({
        tags: [...new Set([...notes.tags.filter((tag) => !shared.includes(tag)), ...tags])],
      }));
  }

  async editNote({ folder, name, notes }: ComparedRun): Promise<void> {
    const note = await vscode.window.showInputBox({
      title: `Margin: Note on ${name}`,
      value: notes.note,
      ignoreFocusOut: true,
      prompt: 'What this run was for, or what it showed',
    });
    if (note !== undefined) await changeNotes(folder, () => ({ note: note.trim() }));
  }

  /**
   * Shows pairs in the pair editor, by a filter.
   *
   * @param what as in "the changed pairs"
   */
  async showPairs(file: string, what: string, { rows, gone, more }: PlacesNow): Promise<void> {
    const { editor, notices } = this.services;
    const left = gone === 0 ? '' : `${gone} of the ${what} pairs ${gone === 1 ? 'is' : 'are'} no longer in ${file}.`;
    if (rows.length === 0) {
      await notices.info(left === '' ? `No pair was ${what}.` : left);
      return;
    }
    const { query, found } = rowsQuery(rows, longestFilter);
    const view = await editor.viewOf(vscode.Uri.file(file));
    view.show({ filter: query, sort: 'row', descending: false });
    const unnamed = more + rows.length - found;
    const cut = unnamed === 0 ? '' : `The filter leaves out ${unnamed} more: it would be too long.`;
    const said = [left, cut].filter((text) => text !== '').join(' ');
    if (said !== '') await notices.info(said);
  }
}
