import { rowsInWords } from '../reward/remarks';
import { sentenceOf } from '../reward/rowError';
import type { Output } from './output';
import { visibleLine } from './visible';

/** A problem. `line` and `column` count from 1; they are null for a problem of the whole file or line. */
export interface Finding {
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly severity: 'error' | 'warning' | 'info';
  readonly code: string;
  readonly field: string | null;
  readonly message: string;
  /** Only for a problem of the whole file: the number of its rows, and the first of their lines. */
  readonly count?: number;
  readonly lines?: readonly number[];
}

/** Problems of one kind that are printed for a file. One more line counts the others. */
const shownOfKind = 10;

/**
 * Prints the findings of a file. As text it prints only the first of each kind, so that one repeated mistake does not
 * hide the others; as JSON it prints all.
 */
export class FindingPrinter {
  private readonly kinds = new Map<string, { readonly first: Finding; hidden: number }>();

  /** @param name the file as the person named it */
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
    if (known.hidden <= 0) this.output.line(findingLine(this.name, finding));
  }

  /** Prints the numbers of problems that were not printed. */
  end(): void {
    for (const { first, hidden } of this.kinds.values()) {
      if (hidden <= 0) continue;
      const message = `${hidden} more like line ${first.line}; --json lists them all.`;
      this.output.line(findingLine(this.name, { ...first, line: null, column: null, message }));
    }
  }
}

/** `FILE:LINE:COLUMN: severity: field: message (N rows: lines 1, 2, 3, …)` */
export function findingLine(
  file: string,
  { line, column, severity, field, message, count = 0, lines = [] }: Finding,
): string {
  const place = [file, ...(line === null ? [] : [line]), ...(column === null ? [] : [column])].join(':');
  return visibleLine(`${place}: ${severity}: ${sentenceOf({ field, message })}${rowsInWords(count, lines)}`);
}
