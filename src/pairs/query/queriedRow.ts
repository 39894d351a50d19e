import { isRecord } from '../../base/pure/isRecord';
import { must } from '../../base/pure/must';
import { pairOfJudged } from '../judged';
import { valueAt } from '../own/keyPath';
import type { Message, Pair } from '../pair';
import { pairsIn } from '../pairsIn';
import type { PairResult } from '../readPair';
import type { IgnoredIn } from '../rowReport';
import type { RuleLevels } from '../rules/levels';
import type { RowTokens } from '../tokens/rowTokens';
import type { QuerySide, Target } from './condition';

/** A row in the form that conditions read. */
export interface QueriedRow {
  readonly result: PairResult;
  /** The row as a line of JSON. */
  readonly text: string;
  /** The severities that a person gave to rules of the checks. */
  readonly levels: RuleLevels;
  /** The rules that are ignored in the row. */
  readonly ignoredIn: IgnoredIn;
  /** Its text in the form in which words are searched. */
  readonly searchable: () => string;
  /** The language of a text by ISO 639-1, or `unknown`; left out where no column of languages is asked for. */
  readonly languageOf?: (text: string) => string;
  /** The tokens that a trainer makes of the row; left out if no config is known. */
  readonly tokens?: () => RowTokens;
}

/** The parsed row; undefined if it is not JSON. */
export function parsedRow({ result }: QueriedRow): unknown {
  return 'value' in result ? result.value : undefined;
}

/** The tokens of a row. The caller must know a config. */
export function tokensOf({ tokens }: QueriedRow): RowTokens {
  return must(tokens, 'the tokens of the row')();
}

/** The pairs of a row. A judged answer counts as a pair with one side. */
export function pairsToQuery(result: PairResult): readonly Pair[] {
  return result.kind === 'judged' ? [pairOfJudged(result.answer)] : pairsIn(result);
}

/** The turns of a side of the first pair; null if the row has no such side. */
export function turnsOf({ result }: QueriedRow, side: QuerySide): readonly Message[] | null {
  if (side === 'prompt' || side === 'system') {
    const prompt = promptOf(result);
    if (prompt === null || side === 'prompt') return prompt;
    const turns = prompt.filter(({ role }) => role === 'system');
    return turns.length === 0 ? null : turns;
  }
  const turns = pairsToQuery(result)[0]?.[side];
  return turns === undefined || turns.length === 0 ? null : turns;
}

function promptOf(result: PairResult): readonly Message[] | null {
  if (result.kind === 'pair') return result.pair.prompt;
  if (result.kind === 'judged') return result.answer.prompt;
  return result.kind === 'list' ? result.list.prompt : null;
}

/** The texts of a part of a row. Of a list, those of all its pairs. */
export function textsOf(row: QueriedRow, target: Target): readonly string[] {
  if (target.kind === 'path') return textsIn(valueAt(parsedRow(row), target.keys));
  const { side } = target;
  if (side === 'prompt' || side === 'system') return (turnsOf(row, side) ?? []).map(({ content }) => content);
  return pairsToQuery(row.result).flatMap((pair) => pair[side].map(({ content }) => content));
}

/**
 * The texts of a value: those of its items if it is a list. An empty text counts as no text, like an empty cell of CSV.
 */
export function textsIn(value: unknown): readonly string[] {
  if (value === undefined || value === null || value === '') return [];
  if (Array.isArray(value))
    return value.flatMap((item: unknown) => (Array.isArray(item) ? [JSON.stringify(item)] : textsIn(item)));
  return [typeof value === 'string' ? value : JSON.stringify(value)];
}

/** All texts of a row: its strings at any depth, without keys; the line itself if it is not JSON. */
export function allTexts(row: QueriedRow): readonly string[] {
  const value = parsedRow(row);
  if (value === undefined || value === null) return [row.text];
  const texts: string[] = [];
  const waiting: unknown[] = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next === 'string') texts.push(next);
    else if (Array.isArray(next)) waiting.push(...(next as unknown[]).filter((item) => item !== undefined));
    else if (isRecord(next)) waiting.push(...Object.values(next));
  }
  return texts;
}
