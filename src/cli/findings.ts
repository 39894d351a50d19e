import { rowsInWords } from '../reward/remarks';
import { sentenceOf } from '../reward/rowError';
import type { Output } from './output';
import { visibleLine } from './visible';

/** A problem with its place; `line` and `column` count from 1, null where the whole file or line is meant. */
export interface Finding {
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: string;
  readonly field: string | null;
  readonly message: string;
  /** Of what is said once a file: how many rows it is about, and the first of their lines. */
  readonly count?: number;
  readonly lines?: readonly number[];
}

/** Lines of one kind of problem that are printed of a file; one more line counts the others. */
const shownOfKind = 10;

/**
 * Prints the findings of one file. People get a few of each kind, so that a file of one mistake is no flood; JSON gets
 * all.
 */
export class FindingPrinter {
  private readonly kinds = new Map<string, { readonly first: Finding; hidden: number }>();

  /** @param name the file as it was given */
  constructor(
    private readonly output: Output,
    private readonly name: string,
    private readonly json: boolean,
  ) {}

  print(finding: Finding): void {
    if (this.json) {
      this.output.json(finding);
      return;
    }
    const kind = [finding.severity, finding.code, finding.field].join(' ');
    const known = this.kinds.get(kind) ?? { first: finding, hidden: -shownOfKind };
    this.kinds.set(kind, known);
    known.hidden++;
    if (known.hidden <= 0) this.output.line(sentence(this.name, finding));
  }

  /** Counts what was not printed. */
  end(): void {
    for (const { first, hidden } of this.kinds.values()) {
      if (hidden <= 0) continue;
      const message = `${hidden} more like line ${first.line}; --json names each.`;
      this.output.line(sentence(this.name, { ...first, line: null, column: null, message }));
    }
  }
}

/** `FILE:LINE:COLUMN: severity: field: message (N rows: lines 1, 2, 3, …)` */
function sentence(file: string, { line, column, severity, field, message, count = 0, lines = [] }: Finding): string {
  const place = [file, ...(line === null ? [] : [line]), ...(column === null ? [] : [column])].join(':');
  return visibleLine(`${place}: ${severity}: ${sentenceOf({ field, message })}${rowsInWords(count, lines)}`);
}
