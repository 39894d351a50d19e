import * as vscode from 'vscode';
import { someBatches } from '../../jsonl/node/bulk/rowBatches';
import { rowsIn } from '../../pairs/bulk/sentences';
import type { Mark } from '../../pairs/marks/mark';
import type { BulkDone } from '../../protocol/bulk';
import type { DocumentMarks } from '../review/documentMarks';
import { askTags } from './askBulk';
import type { ViewBulkOptions } from './viewBulk';

type Parts = Pick<ViewBulkOptions, 'document' | 'marks' | 'services'>;
type Change = (mark: Mark) => Mark;

/**
 * Tags or flags the pairs of rows in the marks file, as the review does. Marks are not part of the file, so VS Code's
 * undo does not have them: the message offers to take all of them back.
 */
export async function markRows(parts: Parts, action: 'tag' | 'flag', rows: readonly number[]): Promise<BulkDone> {
  const { document, marks } = parts;
  const nothing: BulkDone = { sentence: '', rows: 0 };
  if (!(await marks.reviewer.ask(vscode.Uri.joinPath(document.uri, '..').fsPath))) return nothing;
  const tags = action === 'tag' ? await askTags() : null;
  if (tags === undefined) return nothing;
  await marks.known();
  const { found, without } = await ownMarks(parts, rows);
  const flag = !found.every((mark) => mark.flag);
  const change: Change = tags === null ? (mark) => ({ ...mark, flag }) : (mark) => withTags(mark, tags);
  const next = found.map(change);
  const changed = found.flatMap((before, i) => {
    const after = next[i];
    return after && JSON.stringify(after) !== JSON.stringify(before) ? [{ before, after }] : [];
  });
  const reason = without === 0 ? '' : ` ${rowsIn(without)} without a single pair cannot be marked.`;
  if (changed.length === 0) return { sentence: `No mark was changed.${reason}`, rows: 0 };
  await write(
    marks,
    changed.map(({ after }) => after),
  );
  const done = `${tags ? 'Tagged' : flag ? 'Flagged' : 'Took the flag off'} ${rowsIn(changed.length)}.`;
  offerUndo(
    parts,
    done,
    changed.map(({ before }) => before),
  );
  return { sentence: done + reason, rows: changed.length };
}

/** The reviewer's marks of the pairs of rows, one for each pair, and the number of rows that hold no single pair. */
async function ownMarks(
  { document, marks }: Parts,
  rows: readonly number[],
): Promise<{ found: Mark[]; without: number }> {
  const found = new Map<string, Mark>();
  let without = 0;
  for await (const batch of someBatches(document.lines, rows))
    for (const line of batch.texts) {
      const keys = marks.keysOf(line);
      if (keys) found.set(keys.own, marks.ownMark(keys));
      else without++;
    }
  return { found: [...found.values()], without };
}

function withTags(
  mark: Mark,
  { add, remove }: { readonly add: readonly string[]; readonly remove: readonly string[] },
): Mark {
  const tags = [...mark.tags, ...add].filter((tag) => !remove.includes(tag));
  return { ...mark, tags: [...new Set(tags)] };
}

/** Later than the marks that they replace, also if those were made on a computer whose clock is ahead. */
async function write(marks: DocumentMarks, changed: readonly Mark[]): Promise<void> {
  const now = Date.now();
  await marks.markAll(
    changed.map((mark) => {
      const time = mark.at === '' ? now : Math.max(now, Date.parse(mark.at) + 1);
      return { ...mark, by: marks.reviewer.name, at: new Date(time).toISOString() };
    }),
  );
}

function offerUndo({ marks, services }: Parts, done: string, before: readonly Mark[]): void {
  const { notices } = services;
  const undo = 'Undo';
  const offer = async (): Promise<void> => {
    if ((await notices.info(done, undo)) !== undo) return;
    // Later than the marks that are taken back.
    const at = new Date().toISOString();
    await write(
      marks,
      before.map((mark) => ({ ...mark, at })),
    );
  };
  offer().catch(notices.error);
}
