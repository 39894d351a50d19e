import type { Mark } from '../marks/mark';
import { labelsOf } from '../query/labels';
import { numberOf } from '../query/measures';
import { answerExcerpt, lineOf } from '../excerpts';
import { pairsToQuery, parsedRow, type QueriedRow, textsIn, turnsOf } from '../query/queriedRow';
import type { PairVerdict } from '../suspects/suspectBook';
import { valueAt } from '../own/keyPath';
import { keysOfColumn } from './columns';
import { isRewardColumn } from './rewardColumns';

/** What a column shows of a row: a number, a text of one line, or null if the row has nothing there. */
export type Cell = number | string | null;

/** What the program knows about a row besides its text. */
export interface CellFacts {
  readonly mark: Mark | null;
  /** Null if they were not counted. */
  readonly tokens: number | null;
  /** Of the pair that is most probably flipped; null without a search for wrong labels. */
  readonly suspect: Pick<PairVerdict, 'probability' | 'verdict'> | null;
  /** Of a column that needs rewards. */
  readonly scored: (id: string) => Cell;
}

/**
 * The cell of a row in a column. The number of the row, its prompt, its problems and its margin are in the summary of
 * the row, so their cells are null.
 */
export function cellOf(id: string, row: QueriedRow, { mark, tokens, suspect, scored }: CellFacts): Cell {
  if (isRewardColumn(id)) return scored(id);
  switch (id) {
    case 'chosen':
    case 'rejected':
      return textOrNull(answerExcerpt(turnsOf(row, id)));
    case 'verdict':
      return mark && mark.verdict;
    case 'strength':
      return mark && mark.strength;
    case 'suspect':
      return suspect && Number(suspect.probability.toFixed(2));
    case 'suspected':
      return suspect && suspect.verdict;
    case 'tags':
      return mark && listed(mark.tags);
    case 'model':
    case 'source':
      return listed(labelsOf(row, id));
    case 'score(chosen)':
    case 'score(rejected)':
    case 'len(prompt)':
    case 'len(chosen)':
    case 'len(rejected)':
      return measured(row, id);
    case 'turns':
      return numberOf(row, { kind: 'measure', field: 'turns', of: null });
    case 'tokens':
      return tokens;
    case 'weight':
      return pairsToQuery(row.result)[0]?.weight ?? null;
    default:
      return valueOf(row, id);
  }
}

function measured(row: QueriedRow, id: string): number | null {
  const [, field = '', side = ''] = /^(\w+)\((\w+)\)$/.exec(id) ?? [];
  if (side !== 'prompt' && side !== 'chosen' && side !== 'rejected') throw new Error(`${id} has no side`);
  return numberOf(row, { kind: 'measure', field, of: { kind: 'side', side } });
}

function valueOf(row: QueriedRow, id: string): Cell {
  const keys = keysOfColumn(id);
  if (keys === null) return null;
  const value = valueAt(parsedRow(row), keys);
  return typeof value === 'number' ? value : listed(textsIn(value));
}

function listed(texts: readonly string[]): string | null {
  return texts.length === 0 ? null : textOrNull(lineOf(texts.join(', ')));
}

function textOrNull(line: string): string | null {
  return line === '' ? null : line;
}
