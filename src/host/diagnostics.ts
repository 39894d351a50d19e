import * as vscode from 'vscode';
import type { LinesDocument } from '../jsonl/document';
import { checkLine } from '../pairs/checks';
import type { Problem } from '../pairs/problem';
import type { RowFacts } from './pairEditor/rowFacts';
import { Slices } from './pairEditor/slices';
import { plainLine } from './plainText';

/** The Problems panel is for reading; beyond this a note says how many more rows there are. */
const maxListed = 1000;
/** Problems follow what one types, but not each letter. */
const settleMs = 250;
/** Longest part of a line that is underlined; a line of a preference file may have a megabyte. */
const maxUnderlined = 200;

const severities = { error: vscode.DiagnosticSeverity.Error, warning: vscode.DiagnosticSeverity.Warning, info: vscode.DiagnosticSeverity.Information };

/** Fills the Problems panel for one open document. Lines are those that the file has if it is saved now. */
export class DocumentProblems implements vscode.Disposable {
  private timer: NodeJS.Timeout | null = null;
  private generation = 0;

  constructor(
    private readonly uri: vscode.Uri,
    private readonly lines: LinesDocument,
    private readonly facts: RowFacts,
    private readonly collection: vscode.DiagnosticCollection,
  ) {}

  /** Facts have changed. */
  soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      // A line that cannot be read is told by the editor itself.
      void this.publish(++this.generation).catch(() => undefined);
    }, settleMs);
  }

  dispose(): void {
    this.generation++;
    if (this.timer) clearTimeout(this.timer);
    this.collection.delete(this.uri);
  }

  private async publish(generation: number): Promise<void> {
    const slices = new Slices();
    const diagnostics: vscode.Diagnostic[] = [];
    let listed = 0;
    for (let row = 0; row < this.facts.length && listed < maxListed; row++) {
      if (this.facts.problemsAt(row) === 0) continue;
      const [line = ''] = await this.lines.lines(row, 1);
      await slices.breathe();
      if (generation !== this.generation) return;
      diagnostics.push(...checkLine(line).map((problem) => diagnostic(problem, this.uri, row, line.length)));
      listed++;
    }
    const more = this.facts.problemRows - listed;
    if (more > 0) diagnostics.push(note(vscode.l10n.t('{0} more rows have problems. Filter the editor by "problem" to see all.', more)));
    this.collection.set(this.uri, diagnostics);
  }
}

function diagnostic({ message, severity, code, column }: Problem, uri: vscode.Uri, row: number, length: number): vscode.Diagnostic {
  const start = column === null ? 0 : column - 1;
  const range = new vscode.Range(row, start, row, column === null ? Math.min(length, maxUnderlined) : start + 1);
  const result = new vscode.Diagnostic(range, plainLine(message), severities[severity]);
  result.source = 'Margin';
  // The panel opens files as text; the code is the way from there to the pair.
  const target = vscode.Uri.from({ scheme: 'command', path: 'margin.revealRow', query: JSON.stringify([uri.toString(), row]) });
  result.code = { value: code, target };
  return result;
}

function note(message: string): vscode.Diagnostic {
  const result = new vscode.Diagnostic(new vscode.Range(0, 0, 0, 0), message, vscode.DiagnosticSeverity.Information);
  result.source = 'Margin';
  return result;
}

/** *Show as pair* on a problem: a quick fix in text editors and in the Problems panel. */
export class ShowAsPair implements vscode.CodeActionProvider {
  provideCodeActions(document: vscode.TextDocument, _range: vscode.Range, { diagnostics }: vscode.CodeActionContext): vscode.CodeAction[] {
    const found = diagnostics.find(({ source }) => source === 'Margin');
    if (!found) return [];
    const action = new vscode.CodeAction(vscode.l10n.t('Show as pair'), vscode.CodeActionKind.QuickFix);
    action.diagnostics = [found];
    action.command = { command: 'margin.revealRow', title: action.title, arguments: [document.uri.toString(), found.range.start.line] };
    return [action];
  }
}
