import * as vscode from 'vscode';
import { pairKey } from '../../jsonl/node/pairKey';
import { pairOfJudged } from '../../pairs/judged';
import { pairsIn } from '../../pairs/pairsIn';
import { readRow } from '../../pairs/readRow';
import { askTokenSource } from '../tokenRewards/askTokenSource';
import type { PairView } from '../pairEditor/pairView';
import type { CommandServices, Commands } from './target';

/** The command that shows rewards token by token. */
export function tokenRewardCommands({ editor, runs, tokenRewards }: CommandServices) {
  return {
    'margin.showTokenRewards': async (target) => {
      if (target instanceof vscode.Uri) return tokenRewards.showFile(target.fsPath, null);
      const view = editor.active;
      const place = view && (await selectedPlace(view));
      const chosen = await askTokenSource(runs, place ? place.dataset : null);
      if (chosen?.kind === 'file') return tokenRewards.showFile(chosen.path, place?.key ?? null);
      if (chosen && place) return tokenRewards.showPair(chosen.path, null, place);
      return undefined;
    },
  } satisfies Partial<Commands>;
}

async function selectedPlace({ document, selected: { row, pair } }: PairView) {
  const [text = ''] = await document.lines.lines(row, 1);
  const result = readRow(text, document.reading);
  const found = result.kind === 'judged' ? pairOfJudged(result.answer) : pairsIn(result)[pair];
  // A row without a pair has no key; the scorer says what is wrong with it.
  return { dataset: document.uri.fsPath, row, pair, text, key: found ? pairKey(found) : null };
}
