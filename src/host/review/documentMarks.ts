import * as vscode from 'vscode';
import { at } from '../../base/pure/must';
import type { DocumentChange } from '../../jsonl/documentChange';
import { ignoredIn, type RowKeys, rowKeys } from '../../jsonl/node/marks/ignoredIn';
import { MarksFile } from '../../jsonl/node/marks/marksFile';
import { pairKeys } from '../../jsonl/node/pairKey';
import type { Edit } from '../../pairs/edits';
import { changedRows } from '../../pairs/marks/changedRows';
import { keyNumber } from '../../pairs/keyNumber';
import type { Ignore } from '../../pairs/marks/ignore';
import { type EditRecord, type Mark, newMark } from '../../pairs/marks/mark';
import type { MarkBook } from '../../pairs/marks/markBook';
import { pairHistory } from '../../pairs/marks/pairHistory';
import { marksName } from '../../pairs/marks/marksName';
import { readRow } from '../../pairs/readRow';
import type { IgnoredIn } from '../../pairs/rowReport';
import type { Notices } from '../notices';
import type { PairDocument } from '../pairEditor/pairDocument';
import type { RowScan } from '../../editor/rowScan';
import { watchFile } from '../pairEditor/watchFile';
import type { Reviewer } from './reviewer';
import { type PlacedPair, rowsOfPairs } from './rowsOfPairs';

/**
 * Why marks changed. `carried`: an edit of a row carried them to the new row. `other`: somebody made them, or the file
 * was read.
 */
export type MarksChange = 'carried' | 'other';

/** The keys of the pair of a line, which are hexadecimal. */
export type Keys = ReturnType<typeof pairKeys>;

interface Carry {
  readonly from: string;
  readonly to: string;
  readonly swapped: boolean;
  readonly time: number;
}

/**
 * The marks of an open document. It follows the marks file, which others may write too. Edits carry marks along: at
 * once in memory, and with a record in the file when they are saved.
 */
export class DocumentMarks implements vscode.Disposable {
  private readonly file: MarksFile;
  private readonly changed = new vscode.EventEmitter<MarksChange>();
  /** Fires when marks have changed. */
  readonly onDidChange = this.changed.event;
  private readonly subscriptions: vscode.Disposable;
  /** Unsaved edits of pairs. */
  private readonly carries: Carry[] = [];
  private told = 0;

  constructor(
    private readonly document: PairDocument,
    private readonly scan: RowScan,
    readonly reviewer: Reviewer,
    private readonly notices: Notices,
  ) {
    const { uri, lines } = document;
    const target = uri.with({ path: marksName(uri.path) });
    this.file = new MarksFile(target.fsPath, () => {
      for (const { from, to, swapped, time } of this.carries) this.book.carry(from, to, swapped, time);
    });
    const stop = lines.onDidChange((change) => this.follow(change));
    const watcher = watchFile(target, () => this.read().catch(notices.error));
    this.subscriptions = vscode.Disposable.from(this.changed, watcher, { dispose: stop });
    this.read().catch(notices.error);
  }

  get book(): MarkBook {
    return this.file.book;
  }

  get path(): string {
    return this.file.path;
  }

  /**
   * The marks of a row, the newest of each reviewer, newest first. A row that is not scanned yet, or has no single
   * pair, has none.
   */
  marksAt(row: number): readonly Mark[] {
    const identity = this.book.size === 0 ? null : this.scan.identityAt(row);
    if (identity === null || 'keys' in identity || identity.judgedGood !== null) return [];
    return this.book.marksOf(identity.key, identity.exchanged);
  }

  /** The rules that are ignored in a row. */
  readonly ignoredIn: IgnoredIn = (result) => ignoredIn(result, this.document.reading.ignored);

  /** The mark to show for a row: the reviewer's own, else the newest one; null if it has none. */
  markAt(row: number): Mark | null {
    const marks = this.marksAt(row);
    const { name } = this.reviewer;
    return marks.find(({ by }) => by === name) ?? marks[0] ?? null;
  }

  /** The mark with which the reviewer labels or adjudicates a row; null if there is none. */
  ownMarkAt(row: number, adjudicates = false): Mark | null {
    const { name } = this.reviewer;
    return this.marksAt(row).find((mark) => mark.by === name && mark.adjudicates === adjudicates) ?? null;
  }

  /** The mark with which the reviewer labels or adjudicates a pair; an empty one if there is none. */
  ownMark({ own, exchanged }: Keys, adjudicates = false): Mark {
    const { name } = this.reviewer;
    const found = this.book.markOf(name, keyNumber(own), keyNumber(exchanged), adjudicates);
    return found ? { ...found, key: own } : { ...newMark(own, name), adjudicates };
  }

  /** The rows that hold pairs, in the order of the pairs. Waits until the keys of all rows are known. */
  async rowsOf(pairs: readonly PlacedPair[]): Promise<readonly number[]> {
    await this.known();
    return rowsOfPairs(pairs, this.scan, this.document.lines.rowCount);
  }

  /** Whether saved edits are recorded: if the file has records already, or the person asked for it. */
  get logsEdits(): boolean {
    return !this.file.isEmpty || vscode.workspace.getConfiguration('margin', this.document.uri).get('editLog', false);
  }

  /** Whether the pair `key` is the pair `other`, or was made from it by edits. */
  isFrom(key: string, other: string): boolean {
    const earlier = [key, this.savedKey(key)];
    return (
      earlier.includes(other) || pairHistory(this.book.edits, this.savedKey(key)).some((edit) => edit.key === other)
    );
  }

  /** The key of the pair of a line, as it was when the file was saved; null if the line does not hold one pair. */
  savedKeyOf(line: string): string | null {
    const keys = this.keysOf(line);
    return keys && this.savedKey(keys.own);
  }

  /** Settles when the marks of all rows are known, or the scan of the file is stopped. */
  known(): Promise<void> {
    return this.scan.keysKnown();
  }

  /** Whether a row holds one pair, as far as it was scanned. */
  isPair(row: number): boolean {
    const identity = this.scan.identityAt(row);
    return identity !== null && !('keys' in identity) && identity.judgedGood === null;
  }

  /** Makes a mark. It counts at once; the promise settles when it is in the file. @throws MarginError of the file */
  mark(mark: Mark): Promise<void> {
    return this.markAll([mark]);
  }

  /** Makes marks of several pairs, as {@link mark} makes one. */
  async markAll(marks: readonly Mark[]): Promise<void> {
    const written = this.file.mark(...marks);
    this.changed.fire('other');
    await written;
  }

  /** Ignores rules in rows, or reports them again, as {@link mark} makes a mark. */
  async ignore(records: readonly Ignore[]): Promise<void> {
    const written = this.file.ignore(records);
    this.changed.fire('other');
    await written;
  }

  /** The keys of the pair of a line; null if the line does not hold one pair. */
  keysOf(line: string): Keys | null {
    const result = readRow(line, this.document.reading);
    return result.kind === 'pair' ? pairKeys(result.pair) : null;
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  /** The keys of a line by which rules are ignored in it. */
  private rowKeysOf(line: string): RowKeys | null {
    return rowKeys(readRow(line, this.document.reading));
  }

  private savedKey(key: string): string {
    let saved = key;
    for (const { from, to } of this.carries.toReversed()) if (to === saved) saved = from;
    return saved;
  }

  private async read(): Promise<void> {
    const { revision } = this.book;
    await this.file.read();
    this.tellDamage();
    if (revision !== this.book.revision) this.changed.fire('other');
  }

  private follow(change: DocumentChange): void {
    if (change.kind === 'edited' && change.edit.op === 'replace') this.carry(change.edit.previous, change.edit.line);
    if (change.kind === 'saved') this.log(change.edits).catch(this.notices.error);
  }

  private carry(before: string, after: string): void {
    if (!this.logsEdits) return;
    const [old, now] = [this.rowKeysOf(before), this.rowKeysOf(after)];
    if (!old || !now || old.own === now.own) return;
    const carry = { from: old.own, to: now.own, swapped: old.exchanged === now.own, time: Date.now() };
    this.carries.push(carry);
    this.book.carry(carry.from, carry.to, carry.swapped, carry.time);
    this.changed.fire('carried');
  }

  /** Records saved edits. */
  private async log(edits: readonly Edit[]): Promise<void> {
    if (!this.logsEdits) return;
    const [by, at] = [this.reviewer.name, new Date().toISOString()];
    const records = changedRows(edits).map(({ before, after }): EditRecord => {
      const old = before === null ? null : this.rowKeysOf(before);
      const now = after === null ? null : this.rowKeysOf(after);
      const swapped = old !== null && now !== null && old.own !== old.exchanged && old.exchanged === now.own;
      const action =
        before === null ? 'Insert row' : after === null ? 'Delete row' : swapped ? 'Swap sides' : 'Edit text';
      return {
        key: old && old.own,
        to: now && now.own,
        action,
        before: before === null ? null : parsed(before),
        after: after === null ? null : parsed(after),
        swapped,
        by,
        at,
      };
    });
    await this.file.log(records);
    this.carries.length = 0;
    this.changed.fire('other');
  }

  /** Says once which lines cannot be read. */
  private tellDamage(): void {
    const { damaged } = this.file;
    if (damaged.length === 0 || damaged.length === this.told) return;
    this.told = damaged.length;
    const { line, fault } = at(damaged, 0);
    const more = damaged.length === 1 ? '' : ` ${damaged.length - 1} more lines cannot be read.`;
    const show = 'Open the File';
    const message = `${vscode.workspace.asRelativePath(this.path)}, line ${line}: ${fault}. It is left as it is.${more}`;
    this.notices.warn(message, show).then(async (answer) => {
      if (answer === show) await vscode.window.showTextDocument(vscode.Uri.file(this.path));
    }, this.notices.error);
  }
}

/** A row as JSON; the text itself if it is not JSON. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}
