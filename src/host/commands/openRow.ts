import * as vscode from 'vscode';
import type { Message } from '../../pairs/pair';
import { pairsIn } from '../../pairs/pairsIn';
import { readRow } from '../../pairs/readRow';
import { uriName } from '../uriName';
import type { CommandServices, Commands } from './target';

/** Commands that open the selected row in VS Code's own editors. */
export function rowTextCommands({ editor, rowFiles, texts, notices }: CommandServices) {
  return {
    'margin.pair.openText': async () => {
      const view = editor.active;
      if (!view || view.document.lines.rowCount === 0) return;
      view.review.refuseIfBlind();
      const uri = await rowFiles.open(view.document, view.selected.row);
      await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside, preview: true });
    },
    'margin.pair.diffSides': async () => {
      const view = editor.active;
      if (!view || view.document.lines.rowCount === 0) return;
      view.review.refuseIfBlind();
      const { document, selected } = view;
      const [line = ''] = await document.lines.lines(selected.row, 1);
      const pair = pairsIn(readRow(line, document.reading))[selected.pair];
      const place = `${uriName(document.uri)}, row ${selected.row + 1}`;
      if (pair) {
        const side = (name: 'chosen' | 'rejected') => ({ name: `${place}, ${name}`, text: turnsText(pair[name]) });
        await texts.compare(side('chosen'), side('rejected'));
      } else await notices.info(`${place}, does not hold a pair, so there are no two answers to compare.`);
    },
  } satisfies Partial<Commands>;
}

/** A single turn is its text; several have their roles. */
function turnsText(turns: readonly Message[]): string {
  const [only] = turns;
  if (turns.length === 1 && only) return `${only.content}\n`;
  return turns.map(({ role, content }) => `${role}:\n${content}\n`).join('\n');
}
