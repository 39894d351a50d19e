import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { plainLine } from '../../base/pure/plainText';
import { configFields, position } from '../../run/configFields';
import { checkTrainConfig, type ConfigProblem, readTrainConfig } from '../../run/trainConfig';

/**
 * Shows problems of `*.train.json` files in the Problems panel, at their lines. The JSON schema marks most of them
 * while the person types. These are the problems for which a run did not start; each edit checks them again.
 */
export class ConfigProblems implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('margin.train');
  private readonly subscriptions: readonly vscode.Disposable[];

  constructor() {
    this.subscriptions = [
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.recheck(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.collection.delete(uri)),
    ];
  }

  clear(uri: vscode.Uri): void {
    this.collection.delete(uri);
  }

  /** Marks the problems of an error. @returns whether the error is about this config */
  async mark(uri: vscode.Uri, error: unknown): Promise<boolean> {
    if (!(error instanceof MarginError)) return false;
    const problems = problemsOf(error, await readTrainConfig(uri.fsPath));
    this.collection.set(uri, problems.map(diagnostic));
    return problems.length > 0;
  }

  dispose(): void {
    this.collection.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private recheck(document: vscode.TextDocument): void {
    if (!this.collection.has(document.uri)) return;
    const { problems } = checkTrainConfig(document.getText(), document.uri.fsPath);
    this.collection.set(document.uri, problems.map(diagnostic));
  }
}

function problemsOf(error: MarginError, text: string): readonly ConfigProblem[] {
  const { problems, field } = error.details;
  if (isProblems(problems)) return problems;
  if (typeof field !== 'string') return [];
  return [{ field, ...placeOf(field, text), message: error.message }];
}

function isProblems(value: unknown): value is readonly ConfigProblem[] {
  return (
    Array.isArray(value) &&
    value.every((one) => typeof one === 'object' && one !== null && 'message' in one && 'line' in one)
  );
}

/** The position of a key's value; the top of the file if the key is absent. */
function placeOf(name: string, text: string): { line: number; column: number } {
  const field = configFields(text).find((one) => one.name === name);
  return field ? position(text, field.valueOffset) : { line: 1, column: 1 };
}

/**
 * Marks from the problem to the end of its line: configs have one key per line. A problem without a line is at the top.
 */
function diagnostic({ line, column, message }: ConfigProblem): vscode.Diagnostic {
  const row = (line ?? 1) - 1;
  const range = new vscode.Range(row, (column ?? 1) - 1, row, Number.MAX_SAFE_INTEGER);
  const found = new vscode.Diagnostic(range, plainLine(message), vscode.DiagnosticSeverity.Error);
  found.source = 'Margin';
  return found;
}
