import type { DocumentChange } from '../../jsonl/documentChange';
import type { LinesDocument } from '../../jsonl/node/document';
import { type Edit, rowAfter } from '../../pairs/edits';

/** What happened to a row: its text is another one, it is gone, or an undo brought it back. */
export type RowEvent = 'changed' | 'gone' | 'back';

/** Follows a row of a document while rows move. */
export class TrackedRow {
  private place: number | null;
  private readonly stop: () => void;

  constructor(
    private readonly lines: LinesDocument,
    row: number,
    private known: string,
    private readonly happened: (event: RowEvent) => void,
  ) {
    this.place = row;
    this.stop = lines.onDidChange((change) => this.follow(change));
  }

  /** Where the row is now, from 0; null if it is gone. */
  get row(): number | null {
    return this.place;
  }

  /** The text of the row; of one that is gone, the last text. */
  get text(): string {
    return this.known;
  }

  close(): void {
    this.stop();
  }

  private follow(change: DocumentChange): void {
    if (change.kind === 'edited') return this.apply(change.edit);
    if (change.kind !== 'reverted' || this.place === null) return;
    const next = change.rowAfter ? change.rowAfter(this.place) : this.place;
    this.place = next !== null && next < this.lines.rowCount ? next : null;
    if (this.place === null) return this.happened('gone');
    // Without a merge nobody knows where the row is: it is the same one only if it has its text.
    this.read(change.rowAfter !== undefined).catch(() => this.lose());
  }

  private apply(edit: Edit): void {
    const { place } = this;
    if (place === null) return this.find(edit);
    this.place = rowAfter(place, edit);
    if (this.place === null) return this.happened('gone');
    if (edit.op !== 'replace' || edit.row !== place) return;
    this.known = edit.line;
    this.happened('changed');
  }

  /** An undo of the deletion inserts the same text. */
  private find(edit: Edit): void {
    if (edit.op !== 'insert') return;
    const index = edit.lines.indexOf(this.known);
    if (index < 0) return;
    this.place = edit.row + index;
    this.happened('back');
  }

  private async read(isSure: boolean): Promise<void> {
    const { place } = this;
    const [line] = place === null ? [] : await this.lines.lines(place, 1);
    if (this.place !== place || line === this.known) return;
    if (line === undefined || !isSure) return this.lose();
    this.known = line;
    this.happened('changed');
  }

  private lose(): void {
    this.place = null;
    this.happened('gone');
  }
}
