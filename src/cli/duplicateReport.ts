import type { FoundDuplicates } from '../jsonl/node/duplicates/findDuplicates';
import type { Dispute } from '../pairs/duplicates/disputes';
import type { DuplicateGroup, GroupRow } from '../pairs/duplicates/groups';
import type { Output } from './output';
import { visibleLine } from './visible';

/** Groups of a kind that are printed as text, and rows of a group. A line counts the others. */
const [shownGroups, shownRows] = [50, 10];

/** Prints groups of duplicates as text, or each as a line of JSON. */
export class DuplicateReport {
  constructor(
    private readonly found: FoundDuplicates,
    /** 1 for each row that repeats an earlier one, see `redundantRows`. */
    private readonly redundant: Uint8Array,
    /** As the person named them. */
    private readonly files: readonly string[],
    private readonly output: Output,
    private readonly json: boolean,
  ) {}

  groups(groups: readonly DuplicateGroup[]): void {
    this.each(groups, 'groups of duplicates', (group) => {
      const { kind, similarity, rows } = group;
      if (this.json)
        this.output.json({ kind, similarity: rounded(similarity), rows: rows.map((row) => this.asJson(row)) });
      else
        this.lines(
          `${kind}: ${rows.length} rows`,
          rows.map((row) => this.rowLine(row)),
        );
    });
  }

  disputes(disputes: readonly Dispute[]): void {
    this.each(disputes, 'disputed answers', (dispute) => {
      const { kind, better, worse } = dispute;
      if (this.json) {
        const places = (rows: readonly number[]): object[] => rows.map((row) => this.place(row));
        this.output.json({ kind, better: places(better), worse: places(worse) });
        return;
      }
      const both = [
        ...better.map((row) => ({ row, side: 'chosen' })),
        ...worse.map((row) => ({ row, side: 'rejected' })),
      ];
      const head =
        kind === 'contradiction' ? 'contradiction: the same answers, each chosen once' : 'chosen here, rejected there';
      this.lines(
        head,
        both.map(({ row, side }) => `${this.name(row)}: ${side}`),
      );
    });
  }

  private each<Item>(items: readonly Item[], what: string, print: (item: Item) => void): void {
    for (const item of this.json ? items : items.slice(0, shownGroups)) {
      if (this.output.closed) return;
      print(item);
    }
    const more = this.json ? 0 : items.length - shownGroups;
    if (more > 0) this.output.line(`${more.toLocaleString('en')} more ${what}; --json lists them all.`);
  }

  private lines(head: string, rows: readonly string[]): void {
    this.output.line(head);
    for (const row of rows.slice(0, shownRows)) this.output.line(`  ${row}`);
    if (rows.length > shownRows) this.output.line(`  and ${(rows.length - shownRows).toLocaleString('en')} more rows`);
  }

  private rowLine({ row, link }: GroupRow): string {
    if (link === null) return this.name(row);
    const like = this.name(link.earlier);
    if (link.kind === 'exact') return `${this.name(row)}: the same as ${like}`;
    if (link.kind === 'normalised') return `${this.name(row)}: the same words as ${like}`;
    return `${this.name(row)}: ${rounded(link.similarity).toFixed(2)} like ${like}`;
  }

  private name(row: number): string {
    const { file, line } = this.found.placeOf(row);
    return visibleLine(`${this.files[file]}:${line}`);
  }

  private asJson({ row, link }: GroupRow): object {
    if (link === null) return { ...this.place(row), redundant: false };
    const { earlier, kind, similarity } = link;
    const redundant = this.redundant[row] === 1;
    return { ...this.place(row), redundant, kind, similarity: rounded(similarity), like: this.place(earlier) };
  }

  private place(row: number): object {
    const place = this.found.placeOf(row);
    return { ...place, file: this.files[place.file] };
  }
}

/** Two links of the same similarity print the same digits. */
function rounded(similarity: number): number {
  return Math.round(similarity * 1e4) / 1e4;
}
