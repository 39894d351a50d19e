import * as vscode from 'vscode';
import type { LinesDocument } from '../../jsonl/node/document';
import type { Handlers } from '../../protocol/channel';
import type { PairEditorHost } from '../../protocol/pairEditor';
import type { RowTokenizer } from './rowTokenizer';

/**
 * Answers the requests of a view about tokens.
 *
 * @param refuse throws while the sides of pairs must not be known
 */
export function tokenHandlers(
  tokens: RowTokenizer,
  lines: LinesDocument,
  refuse: () => void,
): Pick<Handlers<PairEditorHost>, 'tokens' | 'tokenAction'> {
  return {
    tokens: async ({ row, pair }) => {
      refuse();
      const [text = ''] = await lines.lines(row, 1);
      return tokens.state(text, pair);
    },
    tokenAction: async ({ name }) => {
      if (name === 'choose') await tokens.choose();
      else await vscode.commands.executeCommand('workbench.trust.manage');
      return null;
    },
  };
}
