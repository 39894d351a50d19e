import * as vscode from 'vscode';
import { ProblemActions } from '../problemActions';
import { PairEditorProvider } from './provider';
import type { PairViewServices } from './pairViewServices';

/** Makes the pair editor. Registers its problems and their quick fix; `registerParts` registers the editor. */
export function registerPairEditor(services: PairViewServices): {
  readonly editor: PairEditorProvider;
  readonly subscriptions: vscode.Disposable[];
} {
  const problems = vscode.languages.createDiagnosticCollection('margin');
  const editor = new PairEditorProvider(services, problems);
  return {
    editor,
    subscriptions: [
      problems,
      vscode.languages.registerCodeActionsProvider(
        { pattern: '**/*.{jsonl,json}' },
        new ProblemActions(services.readings),
      ),
    ],
  };
}
