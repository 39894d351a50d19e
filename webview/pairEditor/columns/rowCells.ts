import type { ChangeKind } from '../../../src/pairs/compare/changeKind';
import type { Cell } from '../../../src/pairs/listColumns/cells';
import type { RowSummary } from '../../../src/protocol/pairEditor';
import { h, icon } from '../../shared/dom';
import { signed } from '../../shared/format';
import { marginBar } from '../../shared/marginBar';
import { compareStrings } from '../compare/compareStrings';
import { strings } from '../strings';
import { hasBar, type ShownColumn } from './fit';

/** Columns that are in the summary of a row. The cells of other columns are requested. */
const summaries: ReadonlySet<string> = new Set(['row', 'prompt', 'margin', 'problems']);

/** The columns whose cells are requested from the host. */
export function askedColumns(columns: readonly Pick<ShownColumn, 'id'>[]): readonly string[] {
  return columns.map(({ id }) => id).filter((id) => !summaries.has(id));
}

export interface RowLook {
  readonly columns: readonly ShownColumn[];
  /** The columns whose cells the row has, see {@link askedColumns}. */
  readonly asked: readonly string[];
  /** The largest margin of the file, which is the scale of all bars. */
  readonly widest: number;
}

/** Draws the cells of a row into its element: its columns, then its signs. */
export function drawCells(element: HTMLElement, row: RowSummary, { columns, asked, widest }: RowLook): void {
  for (const column of columns) {
    const { id } = column;
    if (id === 'row') element.append(h('span', { class: 'num muted' }, String(row.line)));
    else if (id === 'prompt') element.append(promptCell(row));
    else if (id === 'margin') element.append(...marginCells(row, hasBar(column), widest));
    else if (id === 'problems') element.append(cell(column, row.problems === 0 ? null : row.problems));
    else element.append(cell(column, row.cells[asked.indexOf(id)] ?? null));
  }
  element.append(
    h(
      'span',
      { class: 'marks' },
      row.severity ? marked(row.severity, strings.hasProblems(row.problems)) : null,
      row.edited ? marked('edit', strings.edited) : null,
      ...row.change.map(changeGlyph),
      row.mark ? reviewGlyph(row.mark) : null,
    ),
  );
}

function promptCell(row: RowSummary): HTMLElement {
  const isRead = row.kind === 'pair' || row.kind === 'judged' || row.kind === 'list';
  if (isRead && row.label === '') return h('span', { class: 'clip muted' }, strings.emptyText);
  const text = row.kind === 'blank' ? strings.blank : row.label;
  const label = row.judgedGood === null ? null : judgement(row.judgedGood);
  return h('span', { class: isRead ? 'clip' : 'clip odd', title: text }, label, text);
}

function marginCells({ margin }: RowSummary, isBarShown: boolean, widest: number): HTMLElement[] {
  const bar = h(
    'span',
    { class: 'mini', aria: { hidden: 'true' } },
    margin === null ? null : marginBar(margin, widest),
  );
  const number = h('span', { class: 'num' }, margin === null ? '' : signed(margin));
  return isBarShown ? [bar, number] : [number];
}

function cell({ kind, id }: ShownColumn, value: Cell): HTMLElement {
  const text = typeof value === 'number' ? decimal(value) : (value ?? '');
  if (kind === 'number' || typeof value === 'number') return h('span', { class: 'num clip', title: text }, text);
  return h('span', { class: 'clip', title: text }, id === 'verdict' ? text.replace('_', ' ') : text);
}

/** A number with separators, and at most four digits after the point. */
function decimal(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 4 });
}

/** The label of a judged answer as a thumb up or down, so that it needs no colour. */
function judgement(good: boolean): HTMLElement {
  const title = good ? strings.good : strings.bad;
  const look = { class: good ? 'label good' : 'label bad', title, role: 'img', aria: { label: title } };
  return h('span', look, icon(good ? 'thumbsup' : 'thumbsdown'));
}

function changeGlyph(kind: ChangeKind): HTMLElement {
  const glyph = marked(changeIcons[kind], compareStrings.kinds[kind]);
  glyph.classList.add('change-glyph', kind);
  return glyph;
}

const changeIcons = { added: 'diff-added', edited: 'diff-modified', moved: 'arrow-swap' } as const;

/** A flag outweighs the verdict, because a flagged pair waits for somebody. */
function reviewGlyph({ verdict, flag, note }: NonNullable<RowSummary['mark']>): HTMLElement | null {
  if (flag) return marked('bookmark', strings.flagged);
  if (verdict !== null) return marked(verdictIcons[verdict], strings.verdicts[verdict]);
  return note ? marked('note', strings.noted) : null;
}

const verdictIcons = { keep: 'check', swap: 'arrow-swap', tie: 'remove', both_bad: 'circle-slash' } as const;

function marked(name: string, title: string): HTMLElement {
  return h('span', { title, aria: { label: title }, role: 'img' }, icon(name));
}
