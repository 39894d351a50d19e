import * as vscode from 'vscode';
import { pairKey } from '../../jsonl/pairKey';
import { readPair } from '../../pairs/readPair';
import type { CommandServices, Commands } from './target';

/** What acts on the pair that the active pair editor shows. */
export function pairCommands({ editor, curves, notices, walkthrough }: CommandServices): Commands {
  return {
    'margin.pair.swap': () => editor.active?.act('swap'),
    'margin.pair.delete': () => editor.active?.act('delete'),
    'margin.pair.duplicate': () => editor.active?.act('duplicate'),
    'margin.pair.insert': () => editor.active?.act('insert'),
    'margin.pair.next': () => editor.active?.act('next'),
    'margin.pair.previous': () => editor.active?.act('previous'),
    'margin.pair.edit': () => editor.active?.act('edit'),
    'margin.pair.filter': () => editor.active?.act('focusFilter'),
    'margin.pair.sortByMargin': () => editor.active?.sortByMargin(),
    'margin.goToRow': async () => {
      const { t } = vscode.l10n;
      const text = await vscode.window.showInputBox({
        title: t('Margin: Go to Line'),
        prompt: t('Line of the file'),
        validateInput: (value) => (/^[1-9]\d*$/.test(value) ? null : t('A line number, from 1')),
      });
      if (text !== undefined) editor.active?.reveal(Number(text) - 1);
      editor.active?.focus();
    },
    'margin.showInRun': async () => {
      const view = editor.active;
      if (!view) return curves.show(null);
      const [line = ''] = await view.document.lines.lines(view.selected, 1);
      const result = readPair(line);
      const found = result.kind === 'pair' && (await curves.showPair(view.document.uri.fsPath, pairKey(result.pair)));
      if (found) walkthrough.did('pairFromRun');
      else
        await notices.info(vscode.l10n.t('No run has scored this dataset yet. Train on it, or score it with a model.'));
      return undefined;
    },
  };
}
