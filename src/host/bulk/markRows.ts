import * as vscode from 'vscode';
import { must } from '../../base/pure/must';
import { someBatches } from '../../jsonl/node/bulk/rowBatches';
import { rowsIn } from '../../pairs/bulk/sentences';
import { type ActedMark, acted, actSentence, type MarkAct, takenBack } from '../../pairs/marks/markAct';
import type { Mark } from '../../pairs/marks/mark';
import type { BulkDone } from '../../protocol/bulk';
import { Slices } from '../../editor/slices';
import type { DocumentMarks, Keys } from '../review/documentMarks';
import { askTags } from './askBulk';
import type { ViewBulkOptions } from './viewBulk';

type Parts = Pick<ViewBulkOptions, 'document' | 'marks' | 'services'>;

/**
 * Tags or flags the pairs of rows in the marks file, as the review does. This is no step of VS Code's undo, because
 * such a step would show the file of pairs as unsaved, which has not changed: the marks are in a file of their own, and
 * are written at once. So the message has a button that takes these marks back.
 */
export async function markRows(parts: Parts, action: 'tag' | 'flag', rows: readonly number[]): Promise<BulkDone> {
  const { document, marks } = parts;
  const nothing: BulkDone = { sentence: '', rows: 0 };
  if (!(await marks.reviewer.ask(vscode.Uri.joinPath(document.uri, '..').fsPath))) return nothing;
  const tags = action === 'tag' ? await askTags() : null;
  if (tags === undefined) return nothing;
  await marks.known();
  const { found, without } = await pairsOf(parts, rows);
  const own = [...found.values()].map((keys) => marks.ownMark(keys));
  const act: MarkAct = tags ? { kind: 'tag', ...tags } : { kind: 'flag', flag: !own.every((mark) => mark.flag) };
  const changes = acted(own, act);
  const reason = without === 0 ? '' : ` ${rowsIn(without)} without a single pair cannot be marked.`;
  if (changes.length === 0) return { sentence: `No mark was changed.${reason}`, rows: 0 };
  await writeMarks(
    marks,
    changes.map(({ after }) => after),
  );
  const done = `${actSentence(act, changes.length)}.`;
  offerUndo(parts, done, changes, found);
  return { sentence: done + reason, rows: changes.length };
}

/** The keys of the pairs of rows, by the first of them, and the number of rows that hold no single pair. */
async function pairsOf(
  { document, marks }: Parts,
  rows: readonly number[],
): Promise<{ found: ReadonlyMap<string, Keys>; without: number }> {
  const found = new Map<string, Keys>();
  const slices = new Slices();
  let without = 0;
  for await (const batch of someBatches(document.lines, rows))
    for (const line of batch.texts) {
      await slices.breathe();
      const keys = marks.keysOf(line);
      if (keys) found.set(keys.own, keys);
      else without++;
    }
  return { found, without };
}

/** Writes marks, later than those that they replace, also if these were made on a computer whose clock is ahead. */
export async function writeMarks(marks: DocumentMarks, changed: readonly Mark[]): Promise<void> {
  const now = Date.now();
  await marks.markAll(
    changed.map((mark) => {
      const time = mark.at === '' ? now : Math.max(now, Date.parse(mark.at) + 1);
      return { ...mark, by: marks.reviewer.name, at: new Date(time).toISOString() };
    }),
  );
}

function offerUndo(
  { marks, services }: Parts,
  done: string,
  changes: readonly ActedMark[],
  pairs: ReadonlyMap<string, Keys>,
): void {
  const { notices } = services;
  const undo = 'Undo';
  const offer = async (): Promise<void> => {
    if ((await notices.info(done, undo)) !== undo) return;
    const now = ({ after }: ActedMark): Mark => marks.ownMark(must(pairs.get(after.key), 'the keys of a marked pair'));
    await writeMarks(
      marks,
      changes.map((change) => takenBack(now(change), change)),
    );
    await notices.info(`Took back: ${done}`);
  };
  offer().catch(notices.error);
}
