import { checkRow } from '../../pairs/checks';
import { rowProblems } from '../../pairs/fileCheck';
import type { Message } from '../../pairs/pair';
import type { Problem } from '../../pairs/problem';
import type { PairResult } from '../../pairs/readPair';
import { maxSideText, type RowDetail, type RowReward, type RowSummary } from '../../protocol/pairEditor';
import { readRow } from './readRow';
import { identityOf, type RowIdentity } from './rowIdentity';

/** Characters of a row in the list; more do not fit in any window. */
const maxLabel = 200;

type RewardOf = (identity: RowIdentity) => RowReward | undefined;

interface RowPlace {
  readonly row: number;
  readonly edited: boolean;
  /** Problems that only the whole file shows. */
  readonly related: readonly Problem[];
}

export function summaryOf(line: string, { row, edited, related }: RowPlace, rewardOf: RewardOf): RowSummary {
  const result = readRow(line);
  const problems = [...rowProblems(result), ...related];
  const severity =
    (['error', 'warning', 'info'] as const).find((one) => problems.some((problem) => problem.severity === one)) ?? null;
  return {
    row,
    line: row + 1,
    label: labelOf(result),
    kind: result.kind,
    problems: problems.length,
    severity,
    margin: rewardFor(result, rewardOf)?.margin ?? null,
    judgedGood: result.kind === 'judged' ? result.answer.label : null,
    edited,
  };
}

export function detailOf(line: string, place: RowPlace, revision: number, rewardOf: RewardOf): RowDetail {
  const { row, edited, related } = place;
  const result = readRow(line);
  const cut = line.length > maxSideText;
  const found = [...checkRow(result), ...related];
  const problems = found.map(({ severity, code, message, side }) => ({ severity, code, message, side }));
  const reward = rewardFor(result, rewardOf) ?? null;
  const base = { revision, row, line: row + 1, raw: null, pair: null, judged: null, cut, problems, edited, reward };
  switch (result.kind) {
    case 'pair': {
      const { style, prompt, chosen, rejected } = result.pair;
      const turns = cutTo(cut ? maxSideText : null, prompt.length + chosen.length + rejected.length);
      const shape = result.format.label;
      return {
        ...base,
        pair: { style, shape, prompt: turns(prompt), chosen: turns(chosen), rejected: turns(rejected) },
      };
    }
    case 'judged': {
      const { style, prompt, completion, label } = result.answer;
      const turns = cutTo(cut ? maxSideText : null, prompt.length + completion.length);
      const shape = result.format.label;
      return { ...base, judged: { style, shape, prompt: turns(prompt), completion: turns(completion), label } };
    }
    default:
      return { ...base, raw: line.slice(0, maxSideText) };
  }
}

/** Gives each of some turns its share of the room; null: all of its text. */
function cutTo(room: number | null, turns: number): (side: readonly Message[]) => Message[] {
  const share = room === null ? Number.POSITIVE_INFINITY : Math.floor(room / turns);
  return (side) => side.map(({ role, content }) => ({ role, content: content.slice(0, share) }));
}

/** The start of the last user turn on one line; the reason for rows that hold nothing to train on. */
function labelOf(result: PairResult): string {
  if (result.kind !== 'pair' && result.kind !== 'judged') return result.reason;
  const { prompt } = result.kind === 'pair' ? result.pair : result.answer;
  const answer = result.kind === 'pair' ? result.pair.chosen : result.answer.completion;
  const turn = prompt.findLast(({ role }) => role === 'user') ?? prompt.at(-1) ?? answer[0];
  return (turn?.content ?? '').slice(0, maxLabel).replaceAll(/\s+/g, ' ').trim();
}

function rewardFor(result: PairResult, rewardOf: RewardOf): RowReward | undefined {
  const identity = identityOf(result);
  return identity ? rewardOf(identity) : undefined;
}
