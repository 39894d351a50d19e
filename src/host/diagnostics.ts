import * as vscode from 'vscode';
import type { FileFinding } from '../pairs/fileCheck';
import type { Problem } from '../pairs/problem';
import type { FileFindings } from './pairEditor/fileFindings';
import { plainLine } from './plainText';

/** Most characters that are underlined: a line of a preference file may have a million. */
const maxUnderlined = 200;

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/** Fills the Problems panel for one open document. Line numbers are those the file gets when it is saved now. */
export class DocumentProblems implements vscode.Disposable {
  constructor(
    private readonly uri: vscode.Uri,
    private readonly findings: FileFindings,
    /** What the file is if it holds no JSON Lines, as a sentence; null if it holds rows. */
    private readonly otherKind: () => string | null,
    private readonly collection: vscode.DiagnosticCollection,
  ) {}

  /** Called when the findings of the whole file have changed. */
  publish(): void {
    const { uri, findings } = this;
    const otherKind = this.otherKind();
    if (otherKind !== null) {
      const problem: Shown = { message: otherKind, severity: 'error', code: 'not-json-lines', column: null };
      return this.collection.set(uri, [diagnostic(problem, uri, 0, maxUnderlined)]);
    }
    const ofFile = findings.findings.map((finding) => fileDiagnostic(finding, uri));
    const ofRows = findings.listed.flatMap(({ row, length, problems }) =>
      problems.map((problem) => diagnostic(problem, uri, row, length)),
    );
    const { more } = findings;
    const rest = `${more} more rows have problems. Filter the editor by "problem" to see all.`;
    this.collection.set(uri, [...ofFile, ...ofRows, ...(more > 0 ? [note(rest)] : [])]);
  }

  dispose(): void {
    this.collection.delete(this.uri);
  }
}

/** One diagnostic for all lines that share a finding, at the first of them. */
function fileDiagnostic({ message, severity, code, count, lines }: FileFinding, uri: vscode.Uri): vscode.Diagnostic {
  const isMany = count > 1 && lines.length > 0;
  const text = isMany ? `${message} ${count} lines, the first: ${lines.join(', ')}.` : message;
  // A finding without lines is about the whole file, and stands at its top.
  const row = lines[0] === undefined ? 0 : lines[0] - 1;
  return diagnostic({ message: text, severity, code, column: null }, uri, row, maxUnderlined);
}

type Shown = Pick<Problem, 'message' | 'severity' | 'code' | 'column'>;

function diagnostic(shown: Shown, uri: vscode.Uri, row: number, length: number): vscode.Diagnostic {
  const { message, severity, code, column } = shown;
  const start = column === null ? 0 : column - 1;
  const range = new vscode.Range(row, start, row, column === null ? Math.min(length, maxUnderlined) : start + 1);
  const result = new vscode.Diagnostic(range, plainLine(message), severities[severity]);
  result.source = 'Margin';
  // The panel opens the file as text. The code is a link that opens the pair.
  const target = vscode.Uri.from({
    scheme: 'command',
    path: 'margin.revealRow',
    query: JSON.stringify([uri.toString(), row]),
  });
  result.code = { value: code, target };
  return result;
}

function note(message: string): vscode.Diagnostic {
  const result = new vscode.Diagnostic(new vscode.Range(0, 0, 0, 0), message, vscode.DiagnosticSeverity.Information);
  result.source = 'Margin';
  return result;
}

/** Offers *Show as pair* on Margin's problems, as a quick fix in text editors and in the Problems panel. */
export class ShowAsPair implements vscode.CodeActionProvider {
  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const found = diagnostics.find(({ source }) => source === 'Margin');
    if (!found) return [];
    const action = new vscode.CodeAction('Show as pair', vscode.CodeActionKind.QuickFix);
    action.diagnostics = [found];
    action.command = {
      command: 'margin.revealRow',
      title: action.title,
      arguments: [document.uri.toString(), found.range.start.line],
    };
    return [action];
  }
}
