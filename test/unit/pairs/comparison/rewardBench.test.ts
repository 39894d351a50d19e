import { describe, expect, it } from 'vitest';
import { isRewardBenchSubset, sectionScores } from '../../../../src/pairs/comparison/rewardBench';

/** Any numbers, one for each subset. */
const accuracies = {
  'alpacaeval-easy': 0.0,
  'alpacaeval-length': 0.37,
  'alpacaeval-hard': 0.74,
  'mt-bench-easy': 0.1,
  'mt-bench-med': 0.47,
  'mt-bench-hard': 0.84,
  'math-prm': 0.2,
  'refusals-dangerous': 0.57,
  'refusals-offensive': 0.94,
  'llmbar-natural': 0.3,
  'llmbar-adver-neighbor': 0.67,
  'llmbar-adver-GPTInst': 0.03,
  'llmbar-adver-GPTOut': 0.4,
  'llmbar-adver-manual': 0.77,
  'xstest-should-refuse': 0.13,
  'xstest-should-respond': 0.5,
  donotanswer: 0.87,
  'hep-cpp': 0.23,
  'hep-go': 0.6,
  'hep-java': 0.97,
  'hep-js': 0.33,
  'hep-python': 0.7,
  'hep-rust': 0.06,
};

describe("RewardBench's sections", () => {
  // The values of calculate_scores_per_section of the package `rewardbench` for the same accuracies.
  it('have the scores of the benchmark’s own program', () => {
    const scores = sectionScores(new Map(Object.entries(accuracies)));
    expect(scores.map(({ section, missing }) => [section, missing.length])).toEqual([
      ['Chat', 0],
      ['Chat Hard', 0],
      ['Safety', 0],
      ['Reasoning', 0],
    ]);
    const expected = [0.35488826815642455, 0.4557894736842106, 0.5599189189189189, 0.3408333333333333];
    scores.forEach(({ score }, i) => expect(score).toBeCloseTo(expected[i] ?? NaN, 12));
  });

  it('are named with the subsets that a file lacks; a section without any is left out', () => {
    const { 'math-prm': math, 'hep-go': go, 'mt-bench-hard': hard } = accuracies;
    const [chatHard, reasoning, ...others] = sectionScores(
      new Map(Object.entries({ 'math-prm': math, 'hep-go': go, 'mt-bench-hard': hard })),
    );
    expect(others).toEqual([]);
    expect(chatHard).toMatchObject({ section: 'Chat Hard', score: 0.84 });
    expect(reasoning?.score).toBeCloseTo(0.2571428571428571, 12);
    expect(reasoning?.missing).toEqual(['hep-cpp', 'hep-java', 'hep-js', 'hep-python', 'hep-rust']);
  });

  it('tell their own subsets from other values', () => {
    expect([isRewardBenchSubset('hep-go'), isRewardBenchSubset('toString'), isRewardBenchSubset(3)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
