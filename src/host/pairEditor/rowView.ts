import type { LinesDocument } from '../../jsonl/document';
import { checkRow } from '../../pairs/checks';
import { pairKey } from '../../jsonl/pairKey';
import { readPair, type PairResult } from '../../pairs/readPair';
import type { RowDetail, RowReward, RowSummary, View } from '../../protocol/pairEditor';
import type { RowFact } from './problemScan';

/** Longest text of a row that is sent to the view whole; a message stays below 256 KB. */
const maxSideText = 60_000;
/** Rows whose text a filter reads at once before the host breathes. */
const filterPage = 200;

type RewardOf = (key: string | null) => RowReward | undefined;

export function summaryOf(line: string, row: number, edited: boolean, rewardOf: RewardOf): RowSummary {
  const result = readPair(line);
  const reward = result.kind === 'pair' ? rewardOf(pairKey(result.pair)) : undefined;
  return { row, line: row + 1, label: labelOf(result), kind: result.kind, problems: checkRow(result).length, margin: reward?.margin ?? null, edited };
}

function labelOf(result: PairResult): string {
  if (result.kind !== 'pair') return result.reason;
  const turn = result.pair.prompt.findLast(({ role }) => role === 'user') ?? result.pair.prompt.at(-1) ?? result.pair.chosen[0];
  return (turn?.content ?? '').slice(0, 200).replaceAll(/\s+/g, ' ').trim();
}

export function detailOf(line: string, row: number, revision: number, rewardOf: RewardOf): RowDetail {
  const result = readPair(line);
  const cut = line.length > maxSideText;
  const problems = checkRow(result).map(({ severity, code, message, side }) => ({ severity, code, message, side }));
  const base = { revision, row, line: row + 1, raw: cut ? line.slice(0, maxSideText) : line, cut, problems };
  if (result.kind !== 'pair' || cut) return { ...base, pair: null, reward: null };
  const { style, prompt, chosen, rejected } = result.pair;
  return { ...base, pair: { style, shape: result.format.label, prompt, chosen, rejected }, reward: rewardOf(pairKey(result.pair)) ?? null };
}

/** One condition of a filter: `margin:<0`, `margin:>1`, `problem`, `line:12`; anything else is a word of the row's text. */
type Condition = { readonly kind: 'margin'; readonly below: boolean; readonly bound: number } | { readonly kind: 'problem' } | { readonly kind: 'line'; readonly line: number } | { readonly kind: 'word'; readonly word: string };

export function parseFilter(filter: string): Condition[] {
  return filter.trim().split(/\s+/).filter((term) => term !== '').map((term) => {
    const margin = /^margin:([<>])([+-]?[\d.]+)$/.exec(term.replace('−', '-'));
    if (margin) return { kind: 'margin', below: margin[1] === '<', bound: Number(margin[2]) };
    const line = /^line:(\d+)$/.exec(term);
    if (line) return { kind: 'line', line: Number(line[1]) };
    return term === 'problem' ? { kind: 'problem' } : { kind: 'word', word: term.toLowerCase() };
  });
}

/**
 * Rows in shown order, or null for all rows as they lie, so that a plain view of a million rows costs nothing.
 *
 * @param facts by row, as far as the scan has come
 */
export async function shownRows(lines: LinesDocument, facts: readonly RowFact[], view: View, rewardOf: RewardOf): Promise<Int32Array | null> {
  const conditions = parseFilter(view.filter);
  if (conditions.length === 0 && view.sort === 'row' && !view.descending) return null;
  const margin = (row: number): number | undefined => rewardOf(facts[row]?.key ?? null)?.margin;
  const words = conditions.filter((condition) => condition.kind === 'word');
  const rows: number[] = [];
  for (let from = 0; from < lines.rowCount; from += filterPage) {
    const texts = words.length > 0 ? await lines.lines(from, filterPage) : [];
    for (let row = from; row < Math.min(lines.rowCount, from + filterPage); row++) {
      const text = words.length > 0 ? (texts[row - from] ?? '').toLowerCase() : '';
      if (conditions.every((condition) => holds(condition, row, text, margin, facts))) rows.push(row);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  // Rows without a reward come last either way.
  const value = (row: number): number => margin(row) ?? (view.descending ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
  if (view.sort === 'margin') rows.sort((a, b) => (view.descending ? value(b) - value(a) : value(a) - value(b)) || a - b);
  else if (view.descending) rows.reverse();
  return Int32Array.from(rows);
}

function holds(condition: Condition, row: number, text: string, margin: (row: number) => number | undefined, facts: readonly RowFact[]): boolean {
  switch (condition.kind) {
    case 'margin': {
      const value = margin(row);
      return value !== undefined && (condition.below ? value < condition.bound : value > condition.bound);
    }
    case 'problem':
      return (facts[row]?.problems ?? 0) > 0;
    case 'line':
      return row + 1 === condition.line;
    case 'word':
      return text.includes(condition.word);
  }
}
