import { at } from '../base/pure/must';
import { bestFirst } from '../pairs/answerList';
import { checkRow } from '../pairs/checks';
import { type IgnoredIn, rowProblems } from '../pairs/rowReport';
import { canFix } from '../pairs/rules/fixes/fixRow';
import { fixOf } from '../pairs/rules/fixes/table';
import { ruleOf, withLevels } from '../pairs/rules/levels';
import type { ChangeKind } from '../pairs/compare/changeKind';
import { type IgnoredProblem, parted } from '../pairs/marks/ignore';
import type { Mark } from '../pairs/marks/mark';
import type { Cell } from '../pairs/listColumns/cells';
import { promptExcerpt } from '../pairs/excerpts';
import type { Message } from '../pairs/pair';
import { sidesOfList } from '../pairs/pairRule';
import type { Problem } from '../pairs/problem';
import type { Reading } from '../pairs/reading';
import type { PairResult } from '../pairs/readPair';
import type { ListDetail } from '../protocol/listDetail';
import { searchable } from '../jsonl/search/searchable';
import { maxSideText, type RowDetail, type RowSummary, type ShownTurn } from '../protocol/pairEditor';
import type { RowProblem } from '../protocol/rowProblem';
import type { QueriedRow } from '../pairs/query/queriedRow';
import { readRow } from '../pairs/readRow';
import { type RowTools, rowTools } from '../pairs/tools/rowTools';
import { callsOf } from '../pairs/toolCalls';
import { marginOf, mostListPairs, type RowReward } from '../pairs/rowRewards';

type ListResult = Extract<PairResult, { kind: 'list' }>;
type RewardsOf = (result: PairResult) => readonly (RowReward | null)[];
type CellsOf = (row: QueriedRow) => readonly Cell[];

const noCells: CellsOf = () => [];

export interface RowContext {
  readonly row: number;
  readonly reading: Reading;
  readonly edited: boolean;
  /** Problems of the row that only the whole file shows. */
  readonly related: readonly Problem[];
  /** Those of them whose rule is ignored in the row. */
  readonly ignoredRelated: readonly IgnoredProblem[];
  /** The rules that are ignored in a row. */
  readonly ignoredIn: IgnoredIn;
  readonly mark: Mark | null;
  /** How the row differs from the file that it is compared with. */
  readonly change: readonly ChangeKind[];
}

/** What the list shows of a line. @param cells what the other columns show; none if left out */
export function summaryOf(
  line: string,
  { row, reading, edited, related, ignoredIn, mark, change }: RowContext,
  rewardsOf: RewardsOf,
  cells: CellsOf = noCells,
): RowSummary {
  const result = readRow(line, reading);
  const problems = [...rowProblems(result, reading.levels, ignoredIn), ...related];
  const severity =
    (['error', 'warning', 'info'] as const).find((one) => problems.some((problem) => problem.severity === one)) ?? null;
  return {
    row,
    line: row + 1,
    label: 'format' in result ? promptExcerpt(result) : result.reason,
    kind: result.kind,
    problems: problems.length,
    severity,
    margin: marginOf(rewardsOf(result)),
    judgedGood: result.kind === 'judged' ? result.answer.label : null,
    edited,
    change,
    mark: mark && { verdict: mark.verdict, flag: mark.flag, note: mark.note !== '' },
    cells: cells({ result, text: line, levels: reading.levels, ignoredIn, searchable: () => searchable(line) }),
  };
}

/** Everything that the view shows of a line; long texts are cut. */
export function detailOf(line: string, place: RowContext, revision: number, rewardsOf: RewardsOf): RowDetail {
  const { row, reading, edited, related, ignoredRelated, ignoredIn } = place;
  const result = readRow(line, reading);
  const cut = line.length > maxSideText;
  const found = parted(withLevels(checkRow(result), reading.levels), ignoredIn(result));
  const shown = [...found.reported, ...related, ...found.ignored, ...ignoredRelated];
  // A record of the marks file names a row by its answers.
  const hasKey = 'format' in result;
  const problems = shown.map((problem) => shownProblem(problem, line, reading, { cut, hasKey }));
  const rewards = rewardsOf(result);
  const base = {
    revision,
    row,
    line: row + 1,
    raw: null,
    pair: null,
    judged: null,
    list: null,
    tools: shownTools(result, cut),
    cut,
    problems,
    edited,
    change: null,
    suspect: null,
    reward: result.kind === 'list' ? null : (rewards[0] ?? null),
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
      return { ...base, list: listDetail(result, rewards, cut ? maxSideText : null) };
    default:
      return { ...base, raw: line.slice(0, maxSideText) };
  }
}

function shownTools(result: PairResult, cut: boolean): RowTools | null {
  if (!('format' in result)) return null;
  const tools = rowTools(result);
  return cut ? { ...tools, text: '', refusal: 'The row is too long to edit its tools here: open it as text.' } : tools;
}

/** A long row is not edited in the view, so it has no fix there. */
function shownProblem(
  { severity, code, message, side, ...more }: Problem | IgnoredProblem,
  line: string,
  reading: Reading,
  { cut, hasKey }: { readonly cut: boolean; readonly hasKey: boolean },
): RowProblem {
  const ignored = 'ignored' in more ? more.ignored : null;
  const fix = cut || ignored !== null || !canFix(line, reading, code) ? null : fixOf(code);
  const rule = ruleOf(code);
  const canIgnore = rule !== null && rule.severity !== 'error';
  return {
    severity,
    code,
    message,
    side,
    fix: fix && fix.title,
    canIgnore,
    canIgnoreRow: canIgnore && hasKey,
    ignored: ignored && { by: ignored.by, at: ignored.at },
  };
}

function listDetail(
  { list, format, rule }: ListResult,
  rewards: readonly (RowReward | null)[],
  room: number | null,
): ListDetail {
  const { style, prompt, answers, measure } = list;
  const order = [...new Set([...bestFirst(list).map(({ index }) => index), ...answers.keys()])];
  const pairs = sidesOfList(list, rule);
  const turns = cutTo(room, prompt.length + answers.reduce((sum, answer) => sum + answer.turns.length, 0));
  return {
    style,
    shape: format.label,
    prompt: turns(prompt),
    answers: order.map((index) => ({ ...at(answers, index), index, turns: turns(at(answers, index).turns) })),
    measure,
    pairs: pairs.slice(0, mostListPairs).map(({ chosen, rejected, tie }, i) => ({
      chosen: order.indexOf(chosen),
      rejected: order.indexOf(rejected),
      tie,
      reward: rewards[i] ?? null,
    })),
    pairCount: pairs.length,
    rule: rule.name,
  };
}

/** Cuts turns so that together they fit into `room` characters; null keeps them whole. */
function cutTo(room: number | null, turns: number): (side: readonly Message[]) => ShownTurn[] {
  const share = room === null ? Number.POSITIVE_INFINITY : Math.floor(room / turns);
  return (side) =>
    side.map((turn) => {
      const calls = callsOf(turn).map(({ name, input }) => ({ name, input: input.slice(0, share) }));
      const { role, content } = turn;
      return { role, content: content.slice(0, share), ...(calls.length > 0 && { calls }) };
    });
}
