import { pairKey } from '../../jsonl/pairKey';
import { checkRow } from '../../pairs/checks';
import type { Message } from '../../pairs/pair';
import { readPair, type PairResult } from '../../pairs/readPair';
import { maxSideText, type RowDetail, type RowReward, type RowSummary } from '../../protocol/pairEditor';
import { shortKey } from './rowFacts';

/** Characters of a row in the list; more do not fit in any window. */
const maxLabel = 200;

type RewardOf = (key: number) => RowReward | undefined;

interface RowPlace {
  readonly row: number;
  readonly edited: boolean;
}

export function summaryOf(line: string, { row, edited }: RowPlace, rewardOf: RewardOf): RowSummary {
  const result = readPair(line);
  const problems = checkRow(result);
  const severity = (['error', 'warning', 'info'] as const).find((one) => problems.some((problem) => problem.severity === one)) ?? null;
  return { row, line: row + 1, label: labelOf(result), kind: result.kind, problems: problems.length, severity, margin: rewardFor(result, rewardOf)?.margin ?? null, edited };
}

export function detailOf(line: string, { row, edited }: RowPlace, revision: number, rewardOf: RewardOf): RowDetail {
  const result = readPair(line);
  const cut = line.length > maxSideText;
  const problems = checkRow(result).map(({ severity, code, message, side }) => ({ severity, code, message, side }));
  const raw = result.kind === 'pair' ? null : line.slice(0, maxSideText);
  const base = { revision, row, line: row + 1, raw, cut, problems, edited, reward: rewardFor(result, rewardOf) ?? null };
  if (result.kind !== 'pair') return { ...base, pair: null };
  const { style, prompt, chosen, rejected } = result.pair;
  const share = cut ? Math.floor(maxSideText / (prompt.length + chosen.length + rejected.length)) : Number.POSITIVE_INFINITY;
  const turns = (side: readonly Message[]): Message[] => side.map(({ role, content }) => ({ role, content: content.slice(0, share) }));
  return { ...base, pair: { style, shape: result.format.label, prompt: turns(prompt), chosen: turns(chosen), rejected: turns(rejected) } };
}

/** The start of the last user turn on one line; the reason for rows without a pair. */
function labelOf(result: PairResult): string {
  if (result.kind !== 'pair') return result.reason;
  const turn = result.pair.prompt.findLast(({ role }) => role === 'user') ?? result.pair.prompt.at(-1) ?? result.pair.chosen[0];
  return (turn?.content ?? '').slice(0, maxLabel).replaceAll(/\s+/g, ' ').trim();
}

function rewardFor(result: PairResult, rewardOf: RewardOf): RowReward | undefined {
  return result.kind === 'pair' ? rewardOf(shortKey(pairKey(result.pair))) : undefined;
}
