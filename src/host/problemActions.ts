import * as vscode from 'vscode';
import { fixRow } from '../pairs/rules/fixes/fixRow';
import { fixOf } from '../pairs/rules/fixes/table';
import { ruleOf } from '../pairs/rules/levels';
import type { CommandId } from './commands/commandIds';
import { ofRow, revealCommand } from './diagnostics';
import type { Readings } from './reading/readings';

/**
 * Quick fixes for Margin's problems, in text editors and in the Problems panel: mend the row, ignore the rule in this
 * row or in this file, read about the rule, show the row as a pair.
 */
export class ProblemActions implements vscode.CodeActionProvider {
  constructor(private readonly readings: Readings) {}

  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const found = diagnostics.filter(({ source }) => source === 'Margin');
    const [first] = found;
    if (!first) return [];
    const ofRules = found.flatMap((problem) => [...this.fixes(document, problem), ...about(document.uri, problem)]);
    return [...ofRules, showAsPair(document.uri, first)];
  }

  /** A row of JSON Lines is one line of the text. In an array it is not, so only the pair editor mends it. */
  private fixes(document: vscode.TextDocument, problem: vscode.Diagnostic): vscode.CodeAction[] {
    const rule = ruleIn(problem);
    const fix = rule === null ? null : fixOf(rule);
    if (fix === null) return [];
    const line = document.lineAt(problem.range.start.line);
    const mended = fixRow(line.text, this.readings.of(document.uri), (one) => one === fix);
    if (!mended) return [];
    const action = quickFix(`${fix.title} (${fix.rule})`, problem);
    action.edit = new vscode.WorkspaceEdit();
    action.edit.replace(document.uri, line.range, mended.line);
    return [action];
  }
}

function about(uri: vscode.Uri, problem: vscode.Diagnostic): vscode.CodeAction[] {
  const rule = ruleIn(problem);
  const known = rule === null ? null : ruleOf(rule);
  if (known === null) return [];
  const ignore = command(`Ignore ${known.id} in this file`, problem, 'margin.ignoreRule', [known.id, uri.toString()]);
  const explain = command(`About ${known.id}`, problem, 'margin.showRules', [known.id]);
  // Rows with an error cannot be used, whatever a setting or a mark says.
  if (known.severity === 'error') return [explain];
  const [, row, kind] = linkOf(problem);
  const title = `Ignore ${known.id} for this row`;
  const ofThisRow = command(title, problem, 'margin.ignoreInRow', [known.id, uri.toString(), row]);
  return [...(kind === ofRow ? [ofThisRow] : []), ignore, explain];
}

function showAsPair(uri: vscode.Uri, problem: vscode.Diagnostic): vscode.CodeAction {
  // In an array the number of the row is not that of the line. The link of the problem has it.
  const [, row = problem.range.start.line] = linkOf(problem);
  return command('Show as pair', problem, revealCommand, [uri.toString(), row]);
}

/** The arguments of the link of a problem: the file, the row, and whether it concerns the row alone. */
function linkOf({ code }: vscode.Diagnostic): readonly unknown[] {
  const args: unknown = typeof code === 'object' ? JSON.parse(code.target.query) : null;
  return Array.isArray(args) ? args : [];
}

function ruleIn({ code }: vscode.Diagnostic): string | null {
  return typeof code === 'object' ? String(code.value) : null;
}

function quickFix(title: string, problem: vscode.Diagnostic): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = [problem];
  return action;
}

function command(
  title: string,
  problem: vscode.Diagnostic,
  id: CommandId,
  args: readonly unknown[],
): vscode.CodeAction {
  const action = quickFix(title, problem);
  action.command = { command: id, title, arguments: [...args] };
  return action;
}
