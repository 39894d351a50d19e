import * as vscode from 'vscode';
import { at } from '../../base/pure/must';
import { someBatches } from '../../jsonl/node/bulk/rowBatches';
import type { RowChanges } from '../../jsonl/node/bulk/rowChanges';
import { refusedSentences } from '../../pairs/bulk/sentences';
import { type Edit, inverse } from '../../pairs/edits';
import { askWeight } from '../bulk/askBulk';
import { writeMarks } from '../bulk/markRows';
import { planEdits } from '../bulk/planEdits';
import type { Notices } from '../notices';
import { eachRow } from '../../editor/eachRow';
import type { OpenParts } from '../pairEditor/viewFacts';
import { suspectsIn, weightTexts } from './suspectTexts';

/** What takes the last action back. */
interface LastAction {
  readonly name: string;
  /** The revision of the rows after it; marks do not change it. */
  readonly revision: number;
  readonly undo: () => Promise<boolean>;
}

export interface ActionParts extends Pick<OpenParts, 'document' | 'marks'> {
  readonly changes: RowChanges;
  readonly notices: Notices;
}

const moved = 'The rows have changed meanwhile, so nothing was done.';

/** What is done about suspects. Each action is one undo step, and the last one can be taken back here too. */
export class SuspectActions {
  private last: LastAction | null = null;

  constructor(private readonly parts: ActionParts) {}

  /** The name of the action that {@link undo} takes back; null if there is none. */
  get undoName(): string | null {
    const { last } = this;
    return last !== null && last.revision === this.parts.document.lines.revision ? last.name : null;
  }

  /** Exchanges the answers of a row. @returns what was done */
  async swap(row: number): Promise<string> {
    const { edits } = await this.plan([row], { kind: 'swap' });
    if (edits.length === 0) return 'The answers of this row cannot be exchanged here. Edit it as text.';
    return this.apply(edits, 'Swap the answers of a suspect', 'The answers are exchanged');
  }

  /**
   * Gives rows the weight 0, so that training leaves them out, or one that the person is asked for. Several rows are
   * asked about first.
   *
   * @returns what was done; empty if the person declined
   */
  async weigh(rows: readonly number[], to: 'out' | 'asked'): Promise<string> {
    const weight = to === 'out' ? 0 : await askWeight();
    if (weight === undefined) return '';
    const { edits, reasons } = await this.plan(rows, { kind: 'weight', weight });
    if (edits.length === 0) return [`No row was changed: all have the weight ${weight} already.`, ...reasons].join(' ');
    const { label, done } = weightTexts(weight, edits.length);
    if (rows.length > 1 && !(await this.isWanted(label, reasons))) return '';
    return [await this.apply(edits, label, done), ...reasons].join(' ');
  }

  /** Marks the pairs of rows as right; takes that back if all are. @returns what was done; empty if declined */
  async keep(rows: readonly number[]): Promise<string> {
    const { document, marks } = this.parts;
    if (!(await marks.reviewer.ask(vscode.Uri.joinPath(document.uri, '..').fsPath))) return '';
    await marks.known();
    const keys = (await eachRow(rows, document.lines, (_, line) => marks.keysOf(line))).filter((one) => one !== null);
    const before = keys.map((one) => marks.ownMark(one));
    if (before.length === 0) return 'A list of answers cannot be marked.';
    const isKept = before.every(({ verdict }) => verdict === 'keep');
    const said = isKept ? { verdict: null, strength: null } : ({ verdict: 'keep', strength: 2 } as const);
    await writeMarks(
      marks,
      before.map((mark) => ({ ...mark, ...said })),
    );
    const undo = async (): Promise<boolean> => {
      const restored = keys.map((one, i) => {
        const { verdict, strength } = at(before, i);
        return { ...marks.ownMark(one), verdict, strength };
      });
      await writeMarks(marks, restored);
      return true;
    };
    this.last = { name: `Keep ${suspectsIn(before.length)}`, revision: document.lines.revision, undo };
    if (isKept) return `Took back that the labels of ${suspectsIn(before.length)} are right.`;
    return `Marked the labels of ${suspectsIn(before.length)} as right, in the marks file.`;
  }

  /** Takes the last action back, as one undo step. @returns what was done */
  async undo(): Promise<string> {
    const { last } = this;
    this.last = null;
    if (last === null) return '';
    return (await last.undo()) ? `Took back: ${last.name}.` : moved;
  }

  private async isWanted(label: string, reasons: readonly string[]): Promise<boolean> {
    const name = vscode.workspace.asRelativePath(this.parts.document.uri);
    const detail = ['One undo takes it back. The file changes when you save it.', ...reasons].join('\n');
    return (await this.parts.notices.ask('info', `${label} in ${name}?`, detail, 'Go On')) === 'Go On';
  }

  private async plan(
    rows: readonly number[],
    change: { readonly kind: 'swap' } | { readonly kind: 'weight'; readonly weight: number },
  ): Promise<{ readonly edits: readonly Edit[]; readonly reasons: readonly string[] }> {
    const { document, changes } = this.parts;
    const { lines, reading } = document;
    const ascending = rows.toSorted((a, b) => a - b);
    const { signal } = new AbortController();
    const work = { changes, reading, signal, total: rows.length, progress: () => undefined };
    const { edits, refused } = await planEdits(someBatches(lines, ascending), change, work);
    return { edits, reasons: refusedSentences(refused) };
  }

  private async apply(edits: readonly Edit[], name: string, done: string): Promise<string> {
    const { document } = this.parts;
    const { revision } = document.lines;
    if (!(await document.applyTogether(edits, name, revision))) return moved;
    const after = document.lines.revision;
    const back = edits.toReversed().map(inverse);
    const undo = (): Promise<boolean> => document.applyTogether(back, `Undo: ${name}`, after);
    this.last = { name, revision: after, undo };
    return `${done}. The file changes when you save it.`;
  }
}
