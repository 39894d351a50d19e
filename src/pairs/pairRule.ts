import { isRecord } from '../base/pure/isRecord';
import { at, must } from '../base/pure/must';
import { type AnswerList, bestFirst, type ComparableAnswer, type RatedAnswer } from './answerList';
import type { Pair } from './pair';

/**
 * Which answers of a list become pairs.
 *
 * - `best-worst`: the best one against the worst one.
 * - `best-all`: the best one against each other one.
 * - `neighbours`: each one against the next worse one.
 * - `gap`: each two whose scores or ranks differ by at least {@link PairRule.gap}.
 */
export const pairRuleNames = ['best-worst', 'best-all', 'neighbours', 'gap'] as const;

export type PairRuleName = (typeof pairRuleNames)[number];

/**
 * What two answers with the same score or rank become.
 *
 * - `drop`: no pair.
 * - `keep`: one pair with {@link Pair.tie}.
 * - `both`: two pairs, one each way.
 */
export const tieChoices = ['drop', 'keep', 'both'] as const;

export type TieChoice = (typeof tieChoices)[number];

/** How lists of answers become pairs. */
export interface PairRule {
  readonly name: PairRuleName;
  /** The least difference of two scores or ranks for the rule `gap`, above 0. Other rules do not use it. */
  readonly gap: number;
  readonly ties: TieChoice;
}

export const defaultPairRule: PairRule = { name: 'best-worst', gap: 1, ties: 'drop' };

/** What each rule does, in a few words. */
export const pairRuleTexts: Readonly<Record<PairRuleName, string>> = {
  'best-worst': 'the best answer with the worst one',
  'best-all': 'the best answer with each other one',
  neighbours: 'each answer with the next worse one',
  gap: 'each two answers that differ enough',
};

/** A rule in a few words: `gap (0.5 or more), ties dropped`. */
export function ruleText({ name, gap, ties }: PairRule): string {
  const tied = { drop: 'ties dropped', keep: 'ties kept', both: 'ties both ways' };
  return `${name}${name === 'gap' ? ` (${gap} or more)` : ''}, ${tied[ties]}`;
}

/** A rule from JSON that anyone may have written; null if it is none. */
export function asPairRule(value: unknown): PairRule | null {
  if (!isRecord(value)) return null;
  const name = pairRuleNames.find((one) => one === value['name']);
  const ties = tieChoices.find((one) => one === value['ties']);
  const { gap } = value;
  if (name === undefined || ties === undefined || typeof gap !== 'number') return null;
  return Number.isFinite(gap) && gap > 0 ? { name, gap, ties } : null;
}

/** How many pairs a rule makes from a list, and in how many comparisons the answers were equal. */
export interface PairCounts {
  readonly pairs: number;
  readonly ties: number;
}

/** A pair of a list, as the indices of its answers in the row. */
export interface ListSides {
  readonly chosen: number;
  readonly rejected: number;
  /** Whether neither is better, and the rule keeps ties. */
  readonly tie: boolean;
}

interface Comparison {
  readonly better: ComparableAnswer;
  readonly worse: ComparableAnswer;
}

/**
 * The pairs that a rule makes from a list of answers, in the order of preference. Answers without a score or text are
 * left out. Equal answers are never ordered by their position; where a rule needs one of several equal answers, it
 * takes the first of the row.
 *
 * Answers with the scores 5, 3, 3 give `best-worst` one pair, `best-all` two, `neighbours` one and a tie.
 */
export function pairsOfList(list: AnswerList, rule: PairRule): Pair[] {
  const { style, prompt, tools, weight } = list;
  const base = { style, prompt, ...(tools ? { tools } : {}), ...(weight === undefined ? {} : { weight }) };
  const turns = (index: number): RatedAnswer['turns'] => at(list.answers, index).turns;
  return sidesOfList(list, rule).map(({ chosen, rejected, tie }) => {
    const pair = { ...base, chosen: turns(chosen), rejected: turns(rejected) };
    return tie ? { ...pair, tie } : pair;
  });
}

/** The answers of each pair of {@link pairsOfList}. */
export function sidesOfList(list: AnswerList, { ties, ...rule }: PairRule): ListSides[] {
  return comparisons(list, rule).flatMap(({ better, worse }) => {
    const pair = { chosen: better.index, rejected: worse.index, tie: false };
    if (better.value !== worse.value) return [pair];
    if (ties === 'drop') return [];
    if (ties === 'keep') return [{ ...pair, tie: true }];
    return [pair, { ...pair, chosen: worse.index, rejected: better.index }];
  });
}

/** The number of pairs of {@link pairsOfList}, without making them. */
export function countPairs(list: AnswerList, rule: PairRule): PairCounts {
  const compared = comparisons(list, rule);
  const ties = compared.filter(({ better, worse }) => better.value === worse.value).length;
  return { pairs: compared.length - ties + ties * pairsPerTie[rule.ties], ties };
}

/** {@link countPairs} of each rule, with the gap and ties of `rule`. */
export function countsPerRule(list: AnswerList, rule: PairRule): Readonly<Record<PairRuleName, number>> {
  const count = (name: PairRuleName): number => countPairs(list, { ...rule, name }).pairs;
  return {
    'best-worst': count('best-worst'),
    'best-all': count('best-all'),
    neighbours: count('neighbours'),
    gap: count('gap'),
  };
}

const pairsPerTie: Readonly<Record<TieChoice, number>> = { drop: 0, keep: 1, both: 2 };

function comparisons(list: AnswerList, { name, gap }: Omit<PairRule, 'ties'>): Comparison[] {
  const sorted = bestFirst(list);
  const [best, ...others] = sorted;
  const last = others.at(-1);
  if (!best || !last) return [];
  switch (name) {
    case 'best-worst':
      return [{ better: best, worse: must(firstWith(last.value, others), 'the worst answer') }];
    case 'best-all':
      return others.map((worse) => ({ better: best, worse }));
    case 'neighbours':
      return others.map((worse, i) => ({ better: at(sorted, i), worse }));
    case 'gap':
      return sorted.flatMap((better, i) =>
        sorted
          .slice(i + 1)
          .filter((worse) => worse.value === better.value || isApart(better.value, worse.value, gap))
          .map((worse) => ({ better, worse })),
      );
  }
}

function firstWith(value: number, answers: readonly ComparableAnswer[]): ComparableAnswer | undefined {
  return answers.find((answer) => answer.value === value);
}

/** Scores are decimal: 0.3 − 0.2 is a little less than 0.1 in binary, and still differs by 0.1. */
function isApart(a: number, b: number, gap: number): boolean {
  return Math.abs(a - b) >= gap - 1e-9 * Math.max(Math.abs(a), Math.abs(b), gap);
}
