import { at } from '../../base/pure/must';
import { deletions, groupsAfter } from '../../pairs/duplicates/groupRows';
import { type Edit, inverse } from '../../pairs/edits';
import { eachRow } from '../../editor/eachRow';
import type { PairDocument } from '../pairEditor/pairDocument';
import type { FoundGroup } from './runDuplicates';

/** What a search has found. */
export interface FoundDuplicates {
  readonly groups: readonly FoundGroup[];
  /** The revision of the document's rows when the search began. */
  readonly revision: number;
}

interface Deletion {
  readonly edits: readonly Edit[];
  /** The groups before it. */
  readonly groups: readonly FoundGroup[];
}

/** The groups of duplicates of a document. Rows are deleted, and put back, as one undo step each. */
export class DuplicateGroups {
  private groups: readonly FoundGroup[];
  private revision: number;
  private last: Deletion | null = null;
  private applying = false;

  constructor(
    private readonly document: PairDocument,
    { groups, revision }: FoundDuplicates,
  ) {
    this.groups = groups;
    this.revision = revision;
  }

  get all(): readonly FoundGroup[] {
    return this.groups;
  }

  /** Whether the rows are those that were searched, but for what was deleted here. */
  get areCurrent(): boolean {
    return this.document.lines.revision === this.revision;
  }

  /** Whether rows are being deleted or put back: the document then changes before the groups do. */
  get isApplying(): boolean {
    return this.applying;
  }

  /** Rows of all groups that repeat an earlier row. */
  get redundant(): readonly number[] {
    return this.groups.flatMap(({ rows }) => rows.filter((one) => one.redundant).map(({ row }) => row));
  }

  /** Rows that {@link restore} puts back. */
  get deleted(): number {
    return this.last === null || !this.areCurrent ? 0 : this.last.edits.length;
  }

  /** Takes what another search has found. */
  take({ groups, revision }: FoundDuplicates): void {
    this.groups = groups;
    this.revision = revision;
    this.last = null;
  }

  /** Deletes the other rows of a group. @returns false if the rows have changed: nothing was deleted then */
  keep(index: number, row: number): Promise<boolean> {
    const others = at(this.groups, index).rows.filter((one) => one.row !== row);
    return this.delete(others.map((one) => one.row));
  }

  /** Deletes every row that repeats an earlier one. @returns as {@link keep} */
  keepFirst(): Promise<boolean> {
    return this.delete(this.redundant);
  }

  /** Takes a group off the list. */
  keepAll(index: number): void {
    this.groups = this.groups.toSpliced(index, 1);
  }

  /** Puts back the rows of the last deletion. @returns as {@link keep} */
  async restore(): Promise<boolean> {
    if (this.last === null) return false;
    const { edits, groups } = this.last;
    return this.apply(edits.toReversed().map(inverse), 'Restore duplicates', groups, null);
  }

  private async delete(rows: readonly number[]): Promise<boolean> {
    const ascending = rows.toSorted((a, b) => a - b);
    const edits = deletions(await eachRow(ascending, this.document.lines, (row, line) => ({ row, line })));
    const { groups } = this;
    return this.apply(edits, 'Delete duplicates', groupsAfter(groups, edits), { edits, groups });
  }

  private async apply(
    edits: readonly Edit[],
    label: string,
    groups: readonly FoundGroup[],
    last: Deletion | null,
  ): Promise<boolean> {
    this.applying = true;
    const done = await this.document.applyTogether(edits, label, this.revision).finally(() => (this.applying = false));
    if (!done) return false;
    this.revision = this.document.lines.revision;
    this.groups = groups;
    this.last = last;
    return true;
  }
}
