import type { IgnoredRule } from '../pairs/marks/ignore';
import { ruleOf } from '../pairs/rules/levels';
import { rowsInWords } from '../reward/remarks';
import { sentenceOf } from '../reward/rowError';
import type { Output } from './output';
import { tokenLines, type TokenReport } from './tokenCounts';
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
  /** Only for a problem that is not reported: who ignores its rule in the row. */
  readonly ignored?: IgnoredRule;
}

/** What `margin check --model` counts in a file. */
export interface FileTokens {
  readonly file: string;
  readonly report: TokenReport;
}

/** Prints findings in the format that was asked for: {@link begin}, the findings and {@link end} for each file. */
export interface Printer {
  /** Whether a person reads the output, so that a summary follows. */
  readonly isForPeople: boolean;
  /** @param name the file as the person named it */
  begin(name: string): void;
  print(finding: Finding): void;
  /** Takes a problem that is not reported, because its rule is ignored in the row. */
  ignored(finding: Finding): void;
  /** @param tokens null without a model @param ignored how many problems are ignored in their rows, by rule */
  end(tokens: FileTokens | null, ignored: ReadonlyMap<string, number>, file: string): void;
  /** Called after the last file. */
  close(): void;
}

/** Problems of one kind that are printed for a file. One more line counts the others. */
const shownOfKind = 10;

/** Prints only the first findings of each kind in a file, so that one repeated mistake does not hide the others. */
export class TextPrinter implements Printer {
  readonly isForPeople = true;
  private readonly kinds = new Map<string, { readonly first: Finding; hidden: number }>();
  private name = '';

  constructor(private readonly output: Output) {}

  begin(name: string): void {
    this.name = name;
  }

  print(finding: Finding): void {
    const kind = [finding.severity, finding.code, finding.field].join(' ');
    const known = this.kinds.get(kind) ?? { first: finding, hidden: -shownOfKind };
    this.kinds.set(kind, known);
    known.hidden++;
    if (known.hidden <= 0) this.output.line(findingLine(this.name, finding));
  }

  ignored(): void {
    // They are only counted.
  }

  end(tokens: FileTokens | null, ignored: ReadonlyMap<string, number>): void {
    for (const { first, hidden } of this.kinds.values()) {
      if (hidden <= 0) continue;
      const message = `${hidden} more like line ${first.line}; --json lists them all.`;
      this.output.line(findingLine(this.name, { ...first, line: null, column: null, message }));
    }
    this.kinds.clear();
    if (ignored.size > 0) this.output.say(`${this.name}: ignored in their rows: ${ignoredInWords(ignored)}`);
    for (const line of tokens ? tokenLines(tokens.report) : []) this.output.say(`${this.name}: ${line}`);
  }

  close(): void {
    // Every line was printed when it came.
  }
}

/** Prints each finding as a line of JSON. */
export class JsonPrinter implements Printer {
  readonly isForPeople = false;

  constructor(private readonly output: Output) {}

  begin(): void {
    // A finding names its file.
  }

  print(finding: Finding): void {
    this.output.json(finding);
  }

  ignored(): void {
    // They are only counted.
  }

  end(tokens: FileTokens | null, ignored: ReadonlyMap<string, number>, file: string): void {
    if (ignored.size > 0) this.output.json({ file, ignored: Object.fromEntries(ignored) });
    if (tokens) this.output.json({ file: tokens.file, ...tokens.report });
  }

  close(): void {
    // Every line was printed when it came.
  }
}

/** `refusal 2, white-space 1` */
function ignoredInWords(ignored: ReadonlyMap<string, number>): string {
  return [...ignored].map(([rule, count]) => `${rule} ${count}`).join(', ');
}

/** `FILE:LINE:COLUMN: severity: field: message (N rows: lines 1, 2, 3, …) [rule]` */
export function findingLine(
  file: string,
  { line, column, severity, code, field, message, count = 0, lines = [] }: Finding,
): string {
  const place = [file, ...(line === null ? [] : [line]), ...(column === null ? [] : [column])].join(':');
  return visibleLine(
    `${place}: ${severity}: ${sentenceOf({ field, message })}${rowsInWords(count, lines)}${ruleOf(code) ? ` [${code}]` : ''}`,
  );
}
