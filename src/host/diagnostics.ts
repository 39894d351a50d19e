import * as vscode from 'vscode';
import type { FileFinding } from '../pairs/fileCheck';
import type { Problem } from '../pairs/problem';
import type { RowPlace } from '../jsonl/savedText';
import { at, must } from '../base/pure/must';
import type { FileFindings } from '../editor/fileFindings';
import type { ListedProblem } from '../editor/pageFindings';
import type { PairDocument } from './pairEditor/pairDocument';
import type { CommandId } from './commands/commandIds';
import { plainLine } from '../base/pure/plainText';

/** Most characters of a line that are underlined: it may have a million. */
const maxUnderlined = 200;

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/** Where a problem is shown: its row, for the link, and its range in the text. */
interface Place {
  readonly uri: vscode.Uri;
  readonly row: number;
  readonly range: vscode.Range;
  /** Whether it is a problem of this row alone. */
  readonly isOfRow?: boolean;
}

/**
 * Fills the Problems panel for one open document. Line numbers are those that the file would have if it were saved now.
 */
export class DocumentProblems implements vscode.Disposable {
  constructor(
    private readonly document: PairDocument,
    private readonly findings: FileFindings,
    private readonly collection: vscode.DiagnosticCollection,
  ) {}

  /** Called when the findings of the whole file have changed. */
  publish(): void {
    const { findings } = this;
    const { uri, otherKind } = this.document;
    if (otherKind !== null) {
      const problem: Shown = { message: otherKind, severity: 'error', code: 'not-json-lines' };
      return this.collection.set(uri, [
        diagnostic(problem, { uri, row: 0, range: underlined(topOfFile, maxUnderlined) }),
      ]);
    }
    const { unit } = this.document;
    const placeOf = this.places([...findings.findings.map(rowOf), ...findings.listed.map(({ row }) => row)]);
    const ofFile = findings.findings.map((finding) => {
      const row = rowOf(finding);
      const place = finding.lines.length === 0 ? topOfFile : placeOf(row);
      return diagnostic(shownFinding(finding, unit), { uri, row, range: underlined(place, maxUnderlined) });
    });
    const ofRows = findings.listed.flatMap(({ row, length, problems }) =>
      problems.map((one) => diagnostic(one, { uri, row, range: rangeOf(one, placeOf(row), length), isOfRow: true })),
    );
    const { more } = findings;
    const rest = `${more} more rows have problems. Filter the editor by "problem" to see all.`;
    this.collection.set(uri, [...ofFile, ...ofRows, ...(more > 0 ? [note(rest)] : [])]);
  }

  dispose(): void {
    this.collection.delete(this.document.uri);
  }

  /** Where these rows begin in the text. */
  private places(rows: readonly number[]): (row: number) => RowPlace {
    const ascending = [...new Set(rows)].sort((a, b) => a - b);
    const places = new Map(this.document.lines.saved.places(ascending).map((place, i) => [at(ascending, i), place]));
    return (row) => must(places.get(row), `the place of row ${row}`);
  }
}

/** The first row of a finding; 0 if it is about the whole file. */
function rowOf({ lines }: FileFinding): number {
  return lines[0] === undefined ? 0 : lines[0] - 1;
}

/** One problem for all rows that share a finding, at the first of them. */
function shownFinding({ message, severity, code, count, lines }: FileFinding, unit: 'line' | 'row'): Shown {
  const isMany = count > 1 && lines.length > 0;
  const text = isMany ? `${message} ${count} ${unit}s, the first: ${lines.join(', ')}.` : message;
  return { message: text, severity, code };
}

type Shown = Pick<Problem, 'message' | 'severity' | 'code'>;

const topOfFile: RowPlace = { line: 0, before: 0 };

/** The range of a row's first line. If other rows come before it in that line, its column is not known. */
function underlined({ line, before }: RowPlace, length: number): vscode.Range {
  if (before === null) return new vscode.Range(line, 0, line, 0);
  return new vscode.Range(line, before, line, before + Math.min(length, maxUnderlined));
}

function rangeOf({ line, column }: ListedProblem, place: RowPlace, length: number): vscode.Range {
  const before = line === 0 ? place.before : 0;
  if (column === null || before === null) return underlined(place, length);
  const start = before + column - 1;
  return new vscode.Range(place.line + line, start, place.line + line, start + 1);
}

function diagnostic(
  { message, severity, code }: Shown,
  { uri, row, range, isOfRow = false }: Place,
): vscode.Diagnostic {
  const result = new vscode.Diagnostic(range, plainLine(message), severities[severity]);
  result.source = 'Margin';
  // The panel opens the file as text. The code is a link that opens the pair.
  const target = vscode.Uri.from({
    scheme: 'command',
    path: revealCommand,
    query: JSON.stringify([uri.toString(), row, ...(isOfRow ? [ofRow] : [])]),
  });
  result.code = { value: code, target };
  return result;
}

/** The last argument of the link of a problem that concerns its row alone. */
export const ofRow = 'row';

/** The command of the link of a problem. */
export const revealCommand: CommandId = 'margin.revealRow';

function note(message: string): vscode.Diagnostic {
  const result = new vscode.Diagnostic(new vscode.Range(0, 0, 0, 0), message, vscode.DiagnosticSeverity.Information);
  result.source = 'Margin';
  return result;
}
