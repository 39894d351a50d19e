import * as vscode from 'vscode';
import { MarginError } from '../base/pure/marginError';
import type { Handlers } from '../protocol/channel';
import type { CommandName, PairEditorHost } from '../protocol/pairEditor';
import type { BrowserDocument } from './browserDocument';
import { needsDesktop } from './needsDesktop';

type Known = 'hello' | 'setView' | 'setPairRule' | 'setChecking' | 'facets' | 'rows' | 'detail' | 'position' | 'edit';

/** The commands of the view's buttons; what needs the desktop is named in words. */
const commands: Readonly<Record<CommandName, { readonly id: string } | { readonly needs: string }>> = {
  openText: { id: 'margin.openAsText' },
  goToRow: { id: 'margin.goToRow' },
  save: { id: 'workbench.action.files.save' },
  openRun: { needs: 'Runs' },
  train: { needs: 'Runs' },
  score: { needs: 'Runs' },
  chooseFormat: { id: 'margin.chooseFormat' },
  saveAsLines: { needs: 'Conversions' },
  explainReadOnly: { needs: 'Packed files' },
  review: { needs: 'Reviews' },
};

/** Answers the requests that pass a command on, and refuses those that need the desktop. */
export function desktopHandlers(
  document: BrowserDocument,
  extension: vscode.Uri,
): Omit<Handlers<PairEditorHost>, Known> {
  const refuse = (what: string) => (): never => {
    throw needsDesktop(what);
  };
  const marks = refuse('Marks of reviews');
  const bulk = refuse('Changes of many rows');
  const comparison = refuse('Comparisons with other files');
  const tokens = refuse('Token counts');
  return {
    command: async ({ name }) => {
      const { uri, readOnly } = document;
      if (name === 'explainReadOnly' && readOnly !== null) throw new MarginError('read-only', readOnly);
      const command = commands[name];
      if ('needs' in command) throw needsDesktop(command.needs);
      await vscode.commands.executeCommand(command.id, uri);
      return null;
    },
    rule: async ({ action, rule }) => {
      if (action !== 'explain') throw needsDesktop('Ignored rules');
      const page = vscode.Uri.joinPath(extension, 'media', 'rules.md');
      await vscode.commands.executeCommand('markdown.showPreview', page.with({ fragment: rule }));
      return null;
    },
    setReading: refuse('Packed files'),
    tokens,
    tokenAction: tokens,
    tokenCounts: () => null,
    review: marks,
    findTexts: bulk,
    nextText: bulk,
    previewTexts: bulk,
    replaceTexts: bulk,
    bulk,
    lost: comparison,
    lostDetail: comparison,
    restore: comparison,
    stopComparing: comparison,
    diffInEditor: comparison,
  };
}
