import * as vscode from 'vscode';
import { ProblemActions } from '../problemActions';
import { compareScheme, EditedText } from './editedText';
import { historyScheme } from '../review/pairHistory';
import { PairEditorProvider } from './provider';
import type { PairViewServices } from './pairViewServices';

/** Registers the pair editor, its problems, their quick fix, and the comparison of unsaved edits. */
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
      vscode.window.registerCustomEditorProvider(PairEditorProvider.viewType, editor, {
        supportsMultipleEditorsPerDocument: true,
      }),
      vscode.workspace.registerTextDocumentContentProvider(
        compareScheme,
        new EditedText((path) => editor.documentAt(path)),
      ),
      vscode.workspace.registerTextDocumentContentProvider(historyScheme, {
        provideTextDocumentContent: ({ query }) => query,
      }),
      vscode.languages.registerCodeActionsProvider(
        { pattern: '**/*.{jsonl,json}' },
        new ProblemActions(services.readings),
      ),
    ],
  };
}
