import { explicitConversational } from '../formats/explicitConversational';
import { noPairs } from '../listProblems';
import { countPairs } from '../pairRule';
import type { Pair } from '../pair';
import { pairsIn } from '../pairsIn';
import type { PairOrJudged, PairResult } from '../readPair';
import { leftOut, loss } from './loss';
import type { Written } from './target';

type ListResult = Extract<PairResult, { kind: 'list' }>;

/** Converts the pairs that the rule makes from a list. Each becomes a row with the other columns of the list. */
export function convertList(result: ListResult, write: (row: PairOrJudged) => Written): Written {
  const { list, rule } = result;
  const reason = noPairs(list, rule);
  if (reason !== null) return leftOut('list', reason);
  const written = pairsIn(result).map((pair) => (pair.tie ? leftOut('tie') : write(asRow(result, pair))));
  const { ties } = countPairs(list, rule);
  const dropped = rule.ties === 'drop' && ties > 0 ? [loss('dropped-tie')] : [];
  const losses = written.flatMap((one) => one.losses).concat(dropped);
  const different = new Map(losses.map((one) => [JSON.stringify(one), one]));
  return { rows: written.flatMap(({ rows }) => rows), losses: [...different.values()] };
}

/** A pair of a list, with the columns that the format of the list does not read. */
function asRow({ format, value }: ListResult, pair: Pair): PairOrJudged {
  const other = Object.entries(value).filter(([key]) => !format.keys.includes(key));
  return { kind: 'pair', pair, format: explicitConversational, value: Object.fromEntries(other) };
}
