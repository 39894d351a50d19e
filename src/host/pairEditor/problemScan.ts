import * as vscode from 'vscode';
import { pairKey } from '../../jsonl/pairKey';
import type { LinesDocument } from '../../jsonl/document';
import { checkRow, type Problem } from '../../pairs/checks';
import { readPair } from '../../pairs/readPair';

/** Rows read at once; some milliseconds of work, then the host breathes. */
const pageRows = 100;
/** Typing settles before the file is looked at again. */
const settleMs = 300;
/** The Problems panel is for reading; beyond this a note says how many more there are. */
const maxDiagnostics = 1000;

const severities = { error: vscode.DiagnosticSeverity.Error, warning: vscode.DiagnosticSeverity.Warning, info: vscode.DiagnosticSeverity.Information };

/** What the scan knows of a row without its text. */
export interface RowFact {
  readonly key: string | null;
  readonly problems: number;
}

/** Goes over a document in slices, keeps each row's key and problems, and fills the Problems panel. */
export class ProblemScan implements vscode.Disposable {
  /** By row; as long as the document once a scan is through. */
  facts: readonly RowFact[] = [];
  shape = '';
  private timer: NodeJS.Timeout | null = null;
  private generation = 0;
  private readonly stop: () => void;

  constructor(
    private readonly uri: vscode.Uri,
    private readonly lines: LinesDocument,
    private readonly collection: vscode.DiagnosticCollection,
    private readonly done: () => void,
  ) {
    this.stop = lines.onDidChange(() => this.soon());
    this.soon();
  }

  dispose(): void {
    this.stop();
    this.generation++;
    if (this.timer) clearTimeout(this.timer);
    this.collection.delete(this.uri);
  }

  private soon(): void {
    this.generation++;
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.scan(this.generation), settleMs);
  }

  private async scan(generation: number): Promise<void> {
    await this.lines.whenIndexed();
    const facts: RowFact[] = [];
    const diagnostics: vscode.Diagnostic[] = [];
    let hidden = 0;
    let shape = '';
    for (let from = 0; from < this.lines.rowCount; from += pageRows) {
      const page = await this.lines.lines(from, pageRows);
      if (generation !== this.generation) return;
      page.forEach((line, i) => {
        const result = readPair(line);
        const problems = checkRow(result);
        if (shape === '' && result.kind === 'pair') shape = result.format.label;
        facts.push({ key: result.kind === 'pair' ? pairKey(result.pair) : null, problems: problems.length });
        if (diagnostics.length < maxDiagnostics) diagnostics.push(...problems.map((problem) => diagnostic(problem, from + i, line.length)));
        else hidden += problems.length;
      });
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (hidden > 0) diagnostics.push(new vscode.Diagnostic(new vscode.Range(0, 0, 0, 0), vscode.l10n.t('{0} more problems are not listed.', hidden), vscode.DiagnosticSeverity.Information));
    this.facts = facts;
    this.shape = shape;
    this.collection.set(this.uri, diagnostics);
    this.done();
  }
}

function diagnostic({ message, severity, code, column }: Problem, row: number, length: number): vscode.Diagnostic {
  const start = column === null ? 0 : column - 1;
  const range = new vscode.Range(row, start, row, column === null ? Math.min(length, 200) : start + 1);
  const result = new vscode.Diagnostic(range, message, severities[severity]);
  result.source = 'Margin';
  result.code = code;
  return result;
}
