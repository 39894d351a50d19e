import { isRecord } from '../../base/pure/isRecord';
import type { Edit } from '../edits';
import { lineEdit } from '../pairEdits';
import type { Reading } from '../reading';
import { readRow } from '../readRow';
import { writeLine } from '../writeLine';
import type { Mark, Strength, Verdict } from './mark';

/** What to do with ties: nothing, delete them, or give them the weight 0. */
const tieRules = ['leave', 'drop', 'zero'] as const;
export type TieRule = (typeof tieRules)[number];

export interface ApplyRule {
  readonly ties: TieRule;
  /** Whether the strength of a verdict becomes the row's `weight`. */
  readonly weights: boolean;
}

/** A row with marks. */
export interface MarkedRow {
  readonly row: number;
  readonly line: string;
  readonly marks: readonly Mark[];
}

/** How many rows marks change, and in which way. */
export interface ApplyCounts {
  readonly swapped: number;
  readonly bothBad: number;
  readonly tiesDropped: number;
  readonly tiesZero: number;
  readonly tiesLeft: number;
  readonly weighted: number;
  /** Rows whose reviewers gave different verdicts: they stay as they are. */
  readonly disagreed: number;
}

/** The size of a strength over the mean size, as for HelpSteer's strengths: 0.5, 1, 1.5. */
export function weightOf(strength: Strength): number {
  return strength / 2;
}

/** The marks that decide: those that adjudicate, if one of them has a verdict; else all. */
function decisive(marks: readonly Mark[]): readonly Mark[] {
  const adjudications = marks.filter(({ adjudicates, verdict }) => adjudicates && verdict !== null);
  return adjudications.length > 0 ? adjudications : marks;
}

/**
 * The verdict of all reviewers of a pair, or of those who adjudicated it.
 *
 * @returns null if nobody has decided; `disagree` if they gave different verdicts
 */
export function commonVerdict(marks: readonly Mark[]): Verdict | 'disagree' | null {
  const found = new Set(decisive(marks).flatMap(({ verdict }) => verdict ?? []));
  const [first] = found;
  return first === undefined ? null : found.size > 1 ? 'disagree' : first;
}

/** The mean weight of the strengths that these reviewers of a pair gave; null if nobody gave one. */
export function commonWeight(marks: readonly Mark[]): number | null {
  const weights = decisive(marks).flatMap(({ strength }) => (strength === null ? [] : [weightOf(strength)]));
  return weights.length === 0 ? null : weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
}

/**
 * The edits by which marks change a file: pairs with the verdict `swap` are swapped, those with `both_bad` are deleted.
 *
 * @param rows ascending
 * @returns edits to apply one after the other, from the last row up, so that no edit moves the row of a later one
 * @throws MarginError of {@link lineEdit}
 */
export function plannedEdits(
  rows: readonly MarkedRow[],
  rule: ApplyRule,
  reading: Reading,
): { readonly edits: readonly Edit[]; readonly counts: ApplyCounts } {
  const counts = { swapped: 0, bothBad: 0, tiesDropped: 0, tiesZero: 0, tiesLeft: 0, weighted: 0, disagreed: 0 };
  const edits: Edit[] = [];
  const drop = ({ row, line }: MarkedRow): void => {
    const last = edits.at(-1);
    // Neighbours are deleted by one edit.
    if (last?.op === 'delete' && last.row === row + 1)
      edits[edits.length - 1] = { ...last, row, lines: [line, ...last.lines] };
    else edits.push({ op: 'delete', row, lines: [line] });
  };
  const replace = ({ row, line: previous }: MarkedRow, line: string): boolean => {
    if (line !== previous) edits.push({ op: 'replace', row, line, previous });
    return line !== previous;
  };
  for (const marked of rows.toReversed()) {
    const verdict = commonVerdict(marked.marks);
    if (verdict === 'disagree') counts.disagreed++;
    else if (verdict === 'both_bad') {
      counts.bothBad++;
      drop(marked);
    } else if (verdict === 'tie') {
      if (rule.ties === 'drop') {
        counts.tiesDropped++;
        drop(marked);
      } else if (rule.ties === 'leave') counts.tiesLeft++;
      else if (replace(marked, withWeight(marked.line, 0, reading))) counts.tiesZero++;
    } else if (verdict !== null) {
      const line = verdict === 'swap' ? swapped(marked, reading) : marked.line;
      const weight = rule.weights ? commonWeight(marked.marks) : null;
      const weighted = weight === null ? line : withWeight(line, weight, reading);
      if (verdict === 'swap') counts.swapped++;
      if (weighted !== line) counts.weighted++;
      replace(marked, weighted);
    }
  }
  return { edits, counts };
}

function swapped({ row, line }: MarkedRow, reading: Reading): string {
  const { edit } = lineEdit({ kind: 'swap', row }, line, reading);
  return edit.op === 'replace' ? edit.line : line;
}

/** A row that has the weight already, its own or that of its format, stays as it is. */
function withWeight(line: string, weight: number, reading: Reading): string {
  const value: unknown = JSON.parse(line);
  const read = readRow(line, reading);
  if (!isRecord(value) || (read.kind === 'pair' && (read.pair.weight ?? 1) === weight)) return line;
  return writeLine(line, { ...value, weight });
}
