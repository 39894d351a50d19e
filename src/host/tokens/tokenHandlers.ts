import * as vscode from 'vscode';
import type { Handlers } from '../../protocol/channel';
import type { PairEditorHost } from '../../protocol/pairEditor';
import type { OpenParts } from '../pairEditor/viewFacts';
import { countTokens } from './countTokens';

/** A file with more rows is counted only if the person asks for it. */
const shortRows = 5000;
/** Milliseconds between two reports of progress. */
const reportMs = 100;

type Asked = 'tokens' | 'tokenCounts' | 'tokenAction';

/**
 * Answers the requests of a view about tokens.
 *
 * @param report gets the share of rows that are counted
 * @param refuse throws while the sides of pairs must not be known
 * @param counted called when the tokens of all rows are known
 */
export function tokenHandlers(
  { document: { lines }, columns, tokens }: OpenParts,
  report: (share: number) => void,
  refuse: () => void,
  counted: () => void,
): Pick<Handlers<PairEditorHost>, Asked> {
  return {
    tokens: async ({ row, pair }) => {
      refuse();
      const [text = ''] = await lines.lines(row, 1);
      return tokens.state(text, pair);
    },
    tokenCounts: async ({ asked }, signal) => {
      if (!asked && (lines.isIndexing || lines.rowCount > shortRows)) return null;
      if (!(await tokens.isReady())) return null;
      let reported = 0;
      const progress = (share: number): void => {
        const now = performance.now();
        if (now - reported < reportMs) return;
        reported = now;
        report(share);
      };
      const counts = await countTokens(lines, columns, progress, signal);
      counted();
      return counts;
    },
    tokenAction: async ({ name }) => {
      if (name === 'choose') await tokens.choose();
      else await vscode.commands.executeCommand('workbench.trust.manage');
      return null;
    },
  };
}
