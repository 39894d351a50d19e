import { at, must } from '../../base/pure/must';
import { MarginError } from '../../base/pure/marginError';
import type { SectionScore } from './rewardBench';

/** The subsets of RewardBench 2, in the order of its table. */
const subsets = ['Factuality', 'Precise IF', 'Math', 'Safety', 'Focus', 'Ties'] as const;

/** A prompt of RewardBench 2 with how a model values its answers. */
export interface ValuedPrompt {
  readonly subset: string;
  /** In the subset Ties `ref:N` (one right answer) or `tied:N` (several) of the same N; null: the row has none. */
  readonly id: string | null;
  /** [answers] right ones first. */
  readonly values: readonly number[];
  /** How many answers are right, at least one. */
  readonly correct: number;
}

/**
 * The scores of a model in the subsets of RewardBench 2 and their mean, which counts each subset as much as the others.
 *
 * Malik et al. 2025, "RewardBench 2", arXiv:2506.01937; `scripts/run_v2.py` of the package `rewardbench` 0.1.4.
 *
 * @throws MarginError `bad-id`, `no-ties` of the subset Ties
 */
export function rewardBench2Scores(prompts: readonly ValuedPrompt[]): readonly SectionScore[] {
  const bySubset = new Map<string, ValuedPrompt[]>();
  for (const prompt of prompts) {
    const subset = bySubset.get(prompt.subset);
    if (subset) subset.push(prompt);
    else bySubset.set(prompt.subset, [prompt]);
  }
  const known = subsets.filter((subset) => bySubset.has(subset));
  const own = [...bySubset.keys()].filter((name) => !known.some((one) => one === name));
  const scores = [...known, ...own].map((name) => {
    const asked = must(bySubset.get(name), 'the prompts of a subset');
    const score = name.toLowerCase() === 'ties' ? tiesScore(asked) : mean(asked.map(({ values }) => bestOf(values)));
    return { section: name, score, missing: [] };
  });
  if (scores.length === 0) return [];
  const missing = subsets.filter((subset) => !bySubset.has(subset));
  return [...scores, { section: 'Mean of the subsets', score: mean(scores.map(({ score }) => score)), missing }];
}

/** Whether the first answer is the best one. Answers that are equally good share it: `1 / how many`. */
function bestOf(values: readonly number[]): number {
  const best = Math.max(...values);
  return at(values, 0) === best ? 1 / values.filter((value) => value === best).length : 0;
}

/** What a prompt of the subset Ties shows. */
interface TieFacts {
  /** The worst right answer is better than the best wrong one. */
  readonly accurate: boolean;
  /** How far the worst right answer is above the best wrong one. */
  readonly margin: number;
  /** How far the best right answer is above the worst right one; null with a single right answer. */
  readonly spread: number | null;
}

function tieFacts({ values, correct }: ValuedPrompt): TieFacts {
  const [right, wrong] = [values.slice(0, correct), values.slice(correct)];
  if (right.length === 0 || wrong.length === 0) return { accurate: false, margin: 0, spread: null };
  const [worst, rival] = [Math.min(...right), Math.max(...wrong)];
  return {
    accurate: worst > rival,
    margin: worst - rival,
    spread: right.length > 1 ? Math.max(...right) - worst : null,
  };
}

/**
 * The score of the subset Ties: `process_single_model` of the package. Right answers should be above wrong ones, and
 * differ less from each other than from those. Where right answers are equal, the last term has no ratio and leaves the
 * prompt out; versions after 0.1.4 count 1 there, which is a hundredth at most.
 */
function tiesScore(prompts: readonly ValuedPrompt[]): number {
  const facts = { ref: new Map<number, TieFacts>(), tied: new Map<number, TieFacts>() };
  for (const prompt of prompts) {
    const [, kind, number] = /^(ref|tied):\s*(\d+)\s*$/.exec(prompt.id ?? '') ?? [];
    if (number === undefined) throw badId(prompt.id);
    facts[kind === 'ref' ? 'ref' : 'tied'].set(Number(number), tieFacts(prompt));
  }
  const { ref, tied } = facts;
  const accuracy = 0.3 * accurateShare(tied) + 0.3 * accurateShare(ref);
  const both = [...tied].flatMap(([number, { margin, spread }]) => {
    const own = ref.get(number);
    return own ? [{ margin, spread, lower: Math.min(own.margin, margin) }] : [];
  });
  if (both.length === 0) return accuracy;
  const spreads = both.flatMap(({ spread, ...others }) => (spread === null ? [] : [{ ...others, spread }]));
  if (spreads.length === 0) throw noTies();
  const preferred = mean(spreads.map(({ margin, spread }) => (margin > spread ? 1 : 0)));
  const hard = mean(spreads.map(({ lower, spread }) => (lower > spread ? 1 : 0)));
  const ratios = spreads.flatMap(({ lower, spread }) => (spread > 0 ? [Math.tanh(lower / spread - 1)] : []));
  return accuracy + 0.2 * preferred + 0.2 * hard + 0.01 * (ratios.length === 0 ? 0 : mean(ratios));
}

const accurateShare = (facts: ReadonlyMap<number, TieFacts>): number =>
  facts.size === 0 ? 0 : mean([...facts.values()].map(({ accurate }) => (accurate ? 1 : 0)));

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function badId(id: string | null): MarginError {
  const named = id === null ? 'A row of the subset Ties has no id' : `A row of the subset Ties has the id "${id}"`;
  return new MarginError('bad-id', `${named}: RewardBench 2 needs ref:N or tied:N. --slice KEY compares without it.`, {
    id,
  });
}

function noTies(): MarginError {
  const message = 'No row tied:N of the subset Ties has two right answers, so RewardBench 2 gives it no score.';
  return new MarginError('no-ties', `${message} --slice KEY compares without it.`, {});
}
