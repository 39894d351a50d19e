import { at } from '../../base/pure/must';
import type { Mark } from '../marks/mark';
import { paceOf } from '../marks/pace';
import { type PositionBias, positionBiases } from '../marks/positionBias';

/** How a reviewer worked. */
export interface ReviewerWork {
  readonly annotator: string;
  /** Pairs with a verdict. */
  readonly verdicts: number;
  /** Null if the reviewer gave no blind verdict for one of the answers. */
  readonly bias: Omit<PositionBias, 'by'> | null;
  /** Seconds for a pair without pauses; null if there are too few verdicts. */
  readonly pace: number | null;
}

/** @param marks all labels of one reviewer, in any order */
export function reviewerWork(annotator: string, marks: readonly Mark[]): ReviewerWork {
  const decided = marks.filter(({ verdict }) => verdict !== null);
  const times = decided.map((mark) => Date.parse(mark.at)).sort((a, b) => a - b);
  const biases = positionBiases(decided.map((mark) => ({ ...mark, by: annotator })));
  return {
    annotator,
    verdicts: decided.length,
    bias: biases.length === 0 ? null : at(biases, 0),
    pace: paceOf(times, Infinity),
  };
}
