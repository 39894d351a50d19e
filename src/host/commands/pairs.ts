import * as vscode from 'vscode';
import { pairKey } from '../../jsonl/node/pairKey';
import { pairOfJudged } from '../../pairs/judged';
import { pairsIn } from '../../pairs/pairsIn';
import { readRow } from '../../pairs/readRow';
import type { CommandServices, Commands } from './target';

/** Commands that act on the selected pair of the active pair editor. */
export function pairCommands({ editor, curves, notices, walkthrough }: CommandServices) {
  return {
    'margin.pair.swap': () => editor.active?.act('swap'),
    'margin.pair.delete': () => editor.active?.act('delete'),
    'margin.pair.duplicate': () => editor.active?.act('duplicate'),
    'margin.pair.insert': () => editor.active?.act('insert'),
    'margin.pair.moveUp': () => editor.active?.act('moveUp'),
    'margin.pair.moveDown': () => editor.active?.act('moveDown'),
    'margin.pair.next': () => editor.active?.act('next'),
    'margin.pair.previous': () => editor.active?.act('previous'),
    'margin.pair.edit': () => editor.active?.act('edit'),
    'margin.pair.tools': () => editor.active?.act('tools'),
    'margin.pair.filter': () => editor.active?.act('focusFilter'),
    'margin.pair.sortByMargin': () => editor.active?.sortByMargin(),
    'margin.pair.tokens': () => editor.active?.act('tokens'),
    'margin.revealRow': (uri, row) => editor.reveal(vscode.Uri.parse(String(uri)), Number(row)),
    'margin.goToRow': async () => {
      const unit = editor.active?.document.unit ?? 'line';
      const text = await vscode.window.showInputBox({
        title: 'Margin: Go to Row',
        prompt: unit === 'line' ? 'Line number in the file' : 'Number of the row in the file',
        validateInput: (value) => (/^[1-9]\d*$/.test(value) ? null : `Type a ${unit} number, 1 or more`),
      });
      if (text !== undefined) editor.active?.reveal(Number(text) - 1);
      editor.active?.focus();
    },
    'margin.showInRun': async () => {
      const view = editor.active;
      if (!view) return curves.show(null);
      const { row, pair: index } = view.selected;
      const [line = ''] = await view.document.lines.lines(row, 1);
      const result = readRow(line, view.document.reading);
      const pair = result.kind === 'judged' ? pairOfJudged(result.answer) : pairsIn(result)[index];
      const found = pair !== undefined && (await curves.showPair(view.document.uri.fsPath, pairKey(pair)));
      if (found) walkthrough.did('pairFromRun');
      else await notices.info('No run has scored this dataset yet. Train on it, or score it with a model.');
      return undefined;
    },
  } satisfies Partial<Commands>;
}
