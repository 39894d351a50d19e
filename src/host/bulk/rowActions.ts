import * as vscode from 'vscode';
import { at } from '../../base/pure/must';
import { someBatches } from '../../jsonl/node/bulk/rowBatches';
import { type ActionChange, actionLabel, actionSentence } from '../../pairs/bulk/actionTexts';
import { refusedSentences, rowsIn } from '../../pairs/bulk/sentences';
import { joinedDeletions } from '../../pairs/bulk/joinedDeletions';
import type { Edit } from '../../pairs/edits';
import type { BulkAction, BulkDone, BulkRequests, SelectedRows } from '../../protocol/bulk';
import { pickOne } from '../quickSteps';
import { askWeight } from './askBulk';
import { markRows } from './markRows';
import { planEdits } from './planEdits';
import { progressTo, selectedRows, togetherFor } from './selectedRows';
import type { ViewBulkOptions } from './viewBulk';

type RowAction = Exclude<ActionChange, { kind: 'delete' }>;

interface Planned {
  readonly rows: number;
  readonly change: ActionChange;
  /** The one at which the edits were planned. */
  readonly revision: number;
  /** Why some rows stay as they are. */
  readonly reasons: readonly string[];
  readonly signal: AbortSignal;
}

const nothing: BulkDone = { sentence: '', rows: 0 };

/** Actions on the rows that a person selected, each with the questions that it needs and as one undo step. */
export class RowActions {
  constructor(private readonly options: ViewBulkOptions) {}

  /** @throws MarginError `rows-changed`, `read-only`, those of `applyTogether`; then nothing is done */
  async run({ action, selected }: BulkRequests['bulk']['params'], signal: AbortSignal): Promise<BulkDone> {
    const { document, panel } = this.options;
    await document.lines.whenIndexed();
    const { revision } = document.lines;
    const rows = await this.rowsOf(selected);
    // A question took the focus, and keys would go to nobody.
    const back = (): void => panel.reveal();
    if (rows === null || rows.length === 0) return (back(), nothing);
    if (action === 'tag' || action === 'flag') return markRows(this.options, action, rows).finally(back);
    if (action === 'delete') return this.deleteRows(rows, revision, signal).finally(back);
    const change = await this.changeOf(action);
    back();
    return change === null ? nothing : this.change(rows, change, revision, signal);
  }

  /** With one selected row, asks whether all rows of the list are meant. @returns null if the person closed it */
  private async rowsOf(selected: SelectedRows): Promise<readonly number[] | null> {
    const rows = selectedRows(selected, this.options);
    const { shown } = this.options;
    if (rows.length > 1 || shown().length < 2) return rows;
    const all = { label: `All ${rowsIn(shown().length)} of the list`, all: true };
    const one = { label: 'The selected row', description: 'Shift or Ctrl selects more rows', all: false };
    const picked = await pickOne([one, all], { title: 'Margin: Which Rows?' });
    if (!picked) return null;
    const { order } = selected;
    return picked.all ? selectedRows({ order, places: [{ from: 0, to: shown().length }] }, this.options) : rows;
  }

  private async changeOf(action: Exclude<BulkAction, 'tag' | 'flag' | 'delete'>): Promise<RowAction | null> {
    if (action !== 'weight') return { kind: action };
    const weight = await askWeight();
    return weight === undefined ? null : { kind: 'weight', weight };
  }

  private async change(
    rows: readonly number[],
    change: RowAction,
    revision: number,
    signal: AbortSignal,
  ): Promise<BulkDone> {
    const { document, services } = this.options;
    const { rowChanges: changes } = services;
    const { lines, reading } = document;
    const work = { changes, reading, signal, total: rows.length, progress: progressTo(this.options) };
    const { edits, refused } = await planEdits(someBatches(lines, rows), change, work);
    const reasons = refusedSentences(refused);
    if (edits.length === 0) return { sentence: ['No row was changed.', ...reasons].join(' '), rows: 0 };
    return this.apply(edits, { rows: edits.length, change, revision, reasons, signal });
  }

  private async deleteRows(rows: readonly number[], revision: number, signal: AbortSignal): Promise<BulkDone> {
    const { document, services } = this.options;
    const { notices } = services;
    const question = `Delete ${rowsIn(rows.length)} of ${vscode.workspace.asRelativePath(document.uri)}?`;
    const button = `Delete ${rowsIn(rows.length)}`;
    const detail = 'One undo takes it back. The file changes when you save it.';
    if (rows.length > 1 && (await notices.ask('warning', question, detail, button)) !== button) return nothing;
    const found: { row: number; line: string }[] = [];
    for await (const batch of someBatches(document.lines, rows)) {
      signal.throwIfAborted();
      for (const [i, line] of batch.texts.entries()) found.push({ row: at(batch.rows, i), line });
    }
    const planned = { rows: rows.length, change: { kind: 'delete' }, revision, reasons: [], signal } as const;
    return this.apply(joinedDeletions(found), planned);
  }

  private async apply(edits: readonly Edit[], { rows, change, revision, reasons, signal }: Planned): Promise<BulkDone> {
    const { document, services } = this.options;
    const { notices } = services;
    const how = togetherFor(this.options, { signal, total: edits.length, matches: rows });
    if (await document.applyTogether(edits, actionLabel(change, rows), revision, how))
      return { sentence: [`${actionSentence(change, rows)}; one undo takes it back.`, ...reasons].join(' '), rows };
    const name = vscode.workspace.asRelativePath(document.uri);
    await notices.warn(`${name} has changed meanwhile, so nothing was done. Select the rows again.`);
    return nothing;
  }
}
