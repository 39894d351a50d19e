import { at } from '../../base/pure/must';
import { bestFirst } from '../../pairs/answerList';
import { checkedRow } from '../../pairs/checkedRow';
import { checkRow } from '../../pairs/checks';
import { rowProblems } from '../../pairs/rowReport';
import type { Message } from '../../pairs/pair';
import { countPairs } from '../../pairs/pairRule';
import type { Problem } from '../../pairs/problem';
import type { Reading } from '../../pairs/reading';
import type { PairResult } from '../../pairs/readPair';
import {
  type ListDetail,
  maxSideText,
  type RowDetail,
  type RowReward,
  type RowSummary,
} from '../../protocol/pairEditor';
import { readRow } from '../../pairs/readRow';

/** Most characters of a row in the list; more do not fit into any window. */
const maxLabel = 200;

type ListResult = Extract<PairResult, { kind: 'list' }>;
type RewardOf = (result: PairResult) => RowReward | undefined;

export interface RowContext {
  readonly row: number;
  readonly reading: Reading;
  readonly edited: boolean;
  /** Problems of the row that only the whole file shows. */
  readonly related: readonly Problem[];
}

/** What the list shows of a line. */
export function summaryOf(line: string, { row, reading, edited, related }: RowContext, rewardOf: RewardOf): RowSummary {
  const result = readRow(line, reading);
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
    margin: rewardOf(result)?.margin ?? null,
    judgedGood: result.kind === 'judged' ? result.answer.label : null,
    edited,
  };
}

/** Everything that the view shows of a line; long texts are cut. */
export function detailOf(line: string, place: RowContext, revision: number, rewardOf: RewardOf): RowDetail {
  const { row, reading, edited, related } = place;
  const result = readRow(line, reading);
  const cut = line.length > maxSideText;
  const found = [...checkRow(result), ...related];
  const problems = found.map(({ severity, code, message, side }) => ({ severity, code, message, side }));
  const reward = rewardOf(result) ?? null;
  const base = {
    revision,
    row,
    line: row + 1,
    raw: null,
    pair: null,
    judged: null,
    list: null,
    cut,
    problems,
    edited,
    reward,
  };
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
    case 'list':
      return { ...base, list: listDetail(result, cut ? maxSideText : null) };
    default:
      return { ...base, raw: line.slice(0, maxSideText) };
  }
}

function listDetail({ list, format, rule }: ListResult, room: number | null): ListDetail {
  const { style, prompt, answers, measure } = list;
  const best = bestFirst(list);
  const ordered = [...best.map(({ index }) => index), ...answers.keys()];
  const turns = cutTo(room, prompt.length + answers.reduce((sum, answer) => sum + answer.turns.length, 0));
  const shown = [...new Set(ordered)].map((index) => at(answers, index));
  return {
    style,
    shape: format.label,
    prompt: turns(prompt),
    answers: shown.map((answer) => ({ ...answer, turns: turns(answer.turns) })),
    measure,
    pairs: countPairs(list, rule).pairs,
    rule: rule.name,
  };
}

/** Cuts turns so that together they fit into `room` characters; null keeps them whole. */
function cutTo(room: number | null, turns: number): (side: readonly Message[]) => Message[] {
  const share = room === null ? Number.POSITIVE_INFINITY : Math.floor(room / turns);
  return (side) => side.map(({ role, content }) => ({ role, content: content.slice(0, share) }));
}

/** The start of the last user turn as one line; for rows that hold nothing to train on, the reason. */
function labelOf(result: PairResult): string {
  if (!('format' in result)) return result.reason;
  const { prompt, answers } = checkedRow(result);
  const turn = prompt.findLast(({ role }) => role === 'user') ?? prompt.at(-1) ?? answers[0]?.turns[0];
  // A pair without a prompt and with an empty answer has an empty label.
  if (turn === undefined) return '';
  return turn.content.slice(0, maxLabel).replaceAll(/\s+/g, ' ').trim();
}
