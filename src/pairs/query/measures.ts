import { isRecord } from '../../base/pure/isRecord';
import { must } from '../../base/pure/must';
import { valueAt } from '../own/keyPath';
import { sidesOfList } from '../pairRule';
import { otherSideKey, wordsOf } from '../sideColumns';
import { asNumber } from './asNumber';
import type { Sum, Target } from './condition';
import { pairsToQuery, parsedRow, type QueriedRow, tokensOf, turnsOf } from './queriedRow';

/** A number that is computed from the row itself. */
export type ContentNumber = Extract<Sum, { kind: 'measure' | 'value' }>;

/** The number of a row; null if it has none. @throws Error for a number of a run, which no row holds */
export function numberOf(row: QueriedRow, number: ContentNumber): number | null {
  if (number.kind === 'value') return asNumber(valueAt(parsedRow(row), number.keys));
  const { field, of } = number;
  switch (field) {
    case 'len':
      return lengthOf(row, must(of, 'the part of len'));
    case 'words':
      return wordCount(row, must(of, 'the part of words'));
    case 'turns':
      return of ? turnCount(row, of) : allTurns(row);
    case 'gap': {
      const chosen = lengthOf(row, { kind: 'side', side: 'chosen' });
      const rejected = lengthOf(row, { kind: 'side', side: 'rejected' });
      return chosen === null || rejected === null ? null : chosen - rejected;
    }
    case 'score':
      return scoreOf(row, must(of, 'the answer of score'));
    case 'tokens':
      return tokensOf(row).length;
    case 'weight':
      return pairsToQuery(row.result)[0]?.weight ?? null;
    default:
      throw new Error(`The number ${field} does not come from the row`);
  }
}

function lengthOf(row: QueriedRow, of: Target): number | null {
  if (of.kind === 'path') {
    const value = valueAt(parsedRow(row), of.keys);
    return typeof value === 'string' || Array.isArray(value) ? value.length : null;
  }
  const turns = turnsOf(row, of.side);
  return turns && turns.reduce((length, { content }) => length + content.length, 0);
}

function wordCount(row: QueriedRow, of: Target): number | null {
  if (of.kind === 'path') {
    const value = valueAt(parsedRow(row), of.keys);
    return typeof value === 'string' ? wordsIn(value) : null;
  }
  const turns = turnsOf(row, of.side);
  return turns && turns.reduce((count, { content }) => count + wordsIn(content), 0);
}

/** A word is anything between spaces. */
function wordsIn(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

function turnCount(row: QueriedRow, of: Target): number | null {
  if (of.kind === 'side') return turnsOf(row, of.side)?.length ?? null;
  const value = valueAt(parsedRow(row), of.keys);
  return Array.isArray(value) ? value.length : null;
}

/** Turns of the prompt without a system turn, and of the longer answer. */
function allTurns(row: QueriedRow): number | null {
  const [pair] = pairsToQuery(row.result);
  if (!pair) return null;
  const asked = pair.prompt.filter(({ role }) => role !== 'system').length;
  return asked + Math.max(pair.chosen.length, pair.rejected.length);
}

const scoreWords: ReadonlySet<string> = new Set(['score', 'scores', 'rating', 'ratings']);

/** The score of an answer: of a list as its rule reads it, else of a column such as `score_chosen`. */
function scoreOf({ result }: QueriedRow, of: Target): number | null {
  const side = of.kind === 'side' && of.side === 'rejected' ? 'rejected' : 'chosen';
  if (result.kind === 'list') {
    const [pair] = sidesOfList(result.list, result.rule);
    return (pair && result.list.answers[pair[side]]?.value) ?? null;
  }
  if (result.kind !== 'pair') return null;
  for (const [key, value] of Object.entries(result.value)) {
    const words = wordsOf(key);
    if (!words.includes(side) || !words.some((word) => scoreWords.has(word)) || otherSideKey(key) === null) continue;
    const score = asNumber(value);
    if (score !== null) return score;
  }
  const answer = result.value[side];
  return isRecord(answer) ? asNumber(answer['score'] ?? answer['rating']) : null;
}
