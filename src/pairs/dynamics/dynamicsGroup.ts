/**
 * Groups of pairs by how their margin went over the steps of a run. Each pair is in one of them.
 *
 * - `never-learnt`: the model never preferred the chosen answer. Toneva et al. 2019 call such examples never learnt;
 *   among them are most wrong labels (Swayamdipta et al. 2020, section 5: hard-to-learn examples are often wrong).
 * - `forgotten`: the model preferred it at some step, and does not at the last one: a forgetting event of Toneva et al.
 *   that no later step undid.
 * - `ambiguous`: it prefers it now, but the margin varied more than it is high on average (high variability).
 * - `hard`: the margin is steady and low (low variability, low confidence).
 * - `easy`: the margin is steady and high (low variability, high confidence).
 *
 * Sources: Toneva et al. 2019, "An Empirical Study of Example Forgetting during Deep Neural Network Learning",
 * arXiv:1812.05159; Swayamdipta et al. 2020, "Dataset Cartography: Mapping and Diagnosing Datasets with Training
 * Dynamics", arXiv:2009.10795.
 */
export const dynamicsGroups = ['easy', 'hard', 'ambiguous', 'never-learnt', 'forgotten'] as const;

export type DynamicsGroup = (typeof dynamicsGroups)[number];

/** How the margin of a pair went. */
export interface MarginCourse {
  mean: number;
  /** The standard deviation over the steps. */
  spread: number;
  /** Whether it was above 0 at some step. */
  wasAbove: boolean;
  /** Whether it is above 0 at the last step. */
  isAbove: boolean;
}

interface Rule {
  readonly group: DynamicsGroup;
  /** In words. */
  readonly threshold: string;
  readonly why: string;
  /** @param usual the median size of the mean margins of all pairs */
  readonly holds: (course: Readonly<MarginCourse>, usual: number) => boolean;
}

/** A margin that varies as much as it is high may have either sign at the next step. */
const steady = 1;
/** Half of what is usual: for a symmetric set, about a quarter of the pairs with positive margins lie below. */
const low = 0.5;

/** The thresholds. The first rule that holds gives the group; the last one always holds. */
export const dynamicsRules: readonly Rule[] = [
  {
    group: 'never-learnt',
    threshold: 'the margin is at most 0 at every scored step',
    why: 'At margin 0 the model has no preference, which is where a run starts. (Toneva et al. 2019, section 3)',
    holds: ({ wasAbove }) => !wasAbove,
  },
  {
    group: 'forgotten',
    threshold: 'the margin is at most 0 at the last step, and was above 0 before',
    why: 'A forgetting event: from right to wrong. (Toneva et al. 2019, section 3)',
    holds: ({ isAbove }) => !isAbove,
  },
  {
    group: 'ambiguous',
    threshold: 'the mean of the margins is less than their standard deviation',
    why: 'Margins have no fixed scale as probabilities have, so variability is measured against the mean of the pair itself. A margin that grows evenly from 0 has a mean of 1.7 deviations, and is not ambiguous. (Swayamdipta et al. 2020, section 2)',
    holds: ({ mean, spread }) => mean < steady * spread,
  },
  {
    group: 'hard',
    threshold: 'the mean of the margins is less than half of the median size of the means of all pairs',
    why: 'Confidence is low beside that in other pairs of the same run: β and the learning rate set the scale. (Swayamdipta et al. 2020, section 2)',
    holds: ({ mean }, usual) => mean < low * usual,
  },
  { group: 'easy', threshold: 'all others', why: 'The margin is steady and high.', holds: () => true },
];

const indexOfRule = dynamicsRules.map(({ group }) => dynamicsGroups.indexOf(group));

/**
 * The index of the group of a pair in {@link dynamicsGroups}.
 *
 * @param usual the median size of the mean margins of all pairs
 * @throws Error if no rule holds, which the last rule excludes
 */
export function groupIndex(course: Readonly<MarginCourse>, usual: number): number {
  // A loop without functions: it runs for a million pairs.
  for (let i = 0; i < dynamicsRules.length; i++)
    if ((dynamicsRules[i] as Rule).holds(course, usual)) return indexOfRule[i] as number;
  throw new Error('No rule holds');
}
