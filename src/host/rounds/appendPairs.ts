import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { MarginError } from '../../base/pure/marginError';
import { must } from '../../base/pure/must';
import { person } from '../../pairs/rounds/opinion';
import { decisionsOf } from '../../run/rounds/decisions';
import { judgedPairs } from '../../run/rounds/pairs';
import { askPairFile } from '../chat/askPairFile';
import type { Notices } from '../notices';
import type { PairEditorProvider } from '../pairEditor/provider';
import { uriName } from '../uriName';
import { pairLines } from './pairLines';
import type { RoundOnDisk } from './readRound';

interface AppendServices {
  readonly editor: PairEditorProvider;
  readonly notices: Notices;
}

/**
 * Adds the pairs that the person has judged to a data set, as one undo step of its editor. The file on the disk stays
 * as it is until the person saves.
 *
 * @throws MarginError `no-pairs`, `moved`, and those of a file that is shown read-only
 */
export async function appendPairs({ editor, notices }: AppendServices, read: RoundOnDisk): Promise<void> {
  const { drafts, judgements, round } = read;
  const { pairs } = judgedPairs(drafts, decisionsOf(judgements, person), { judge: person, round: round.round });
  if (pairs.length === 0)
    throw new MarginError('no-pairs', 'No prompt of this round has a best and a worst draft yet.');
  const what = pairs.length === 1 ? '1 pair' : `${pairs.length.toLocaleString('en')} pairs`;
  const asking = { title: 'Margin: Append Pairs', placeHolder: `File of JSON Lines to append ${what} to` };
  const uri = await askPairFile([], { ...asking, newName: `round-${round.round}.jsonl` });
  if (!uri) return;
  if (!existsSync(uri.fsPath)) await vscode.workspace.fs.writeFile(uri, new Uint8Array());
  await editor.viewOf(uri);
  const { document } = must(editor.partsOf(uri), 'the document of a file that is open');
  const { lines } = document;
  await document.settled();
  await lines.whenIndexed();
  const { rowCount, revision } = lines;
  const [neighbour = null] = rowCount === 0 ? [] : await lines.lines(rowCount - 1, 1);
  const edit = { op: 'insert', row: rowCount, lines: [...pairLines(pairs, neighbour, document.reading)] } as const;
  if (!(await document.applyTogether([edit], `Append ${what} of round ${round.round}`, revision)))
    throw new MarginError('moved', 'The rows have changed at this moment. Append the pairs again.');
  await notices.info(
    `${what} of round ${round.round} at the end of ${uriName(uri)}, not saved yet. Undo takes them back.`,
  );
}
