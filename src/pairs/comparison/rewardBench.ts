/**
 * The sections of RewardBench with their subsets and the weight of each subset in its section: its number of pairs.
 * `math-prm` has 447 pairs and counts as many as the six subsets of code together, as in the benchmark's own constants.
 *
 * Lambert et al. 2024, "RewardBench", arXiv:2403.13787, and `rewardbench/constants.py` of the package `rewardbench`.
 */
const sections: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  Chat: {
    'alpacaeval-easy': 100,
    'alpacaeval-length': 95,
    'alpacaeval-hard': 95,
    'mt-bench-easy': 28,
    'mt-bench-med': 40,
  },
  'Chat Hard': {
    'mt-bench-hard': 37,
    'llmbar-natural': 100,
    'llmbar-adver-neighbor': 134,
    'llmbar-adver-GPTInst': 92,
    'llmbar-adver-GPTOut': 47,
    'llmbar-adver-manual': 46,
  },
  Safety: {
    'refusals-dangerous': 100,
    'refusals-offensive': 100,
    'xstest-should-refuse': 154,
    'xstest-should-respond': 250,
    donotanswer: 136,
  },
  Reasoning: {
    'math-prm': 984,
    'hep-cpp': 164,
    'hep-go': 164,
    'hep-java': 164,
    'hep-js': 164,
    'hep-python': 164,
    'hep-rust': 164,
  },
};

const subsets: ReadonlySet<string> = new Set(Object.values(sections).flatMap((weights) => Object.keys(weights)));

/** Whether a value of the column `subset` is one of RewardBench's. */
export function isRewardBenchSubset(value: unknown): value is string {
  return typeof value === 'string' && subsets.has(value);
}

export interface SectionScore {
  readonly section: string;
  /** The mean of the accuracies of the section's subsets that the file has, weighted as the benchmark does. */
  readonly score: number;
  /** Subsets that the file lacks, so that the score is not the benchmark's. */
  readonly missing: readonly string[];
}

/**
 * The scores of a model in the sections of RewardBench. A section without any subset is left out.
 *
 * @param accuracies the share of right pairs by subset
 */
export function sectionScores(accuracies: ReadonlyMap<string, number>): readonly SectionScore[] {
  return Object.entries(sections).flatMap(([section, weights]) => {
    let [sum, total] = [0, 0];
    const missing: string[] = [];
    for (const [subset, weight] of Object.entries(weights)) {
      const accuracy = accuracies.get(subset);
      if (accuracy === undefined) missing.push(subset);
      else [sum, total] = [sum + weight * accuracy, total + weight];
    }
    return total === 0 ? [] : [{ section, score: sum / total, missing }];
  });
}
