import { MarginError } from '../../base/pure/marginError';
import { rewardJudge } from '../../run/rounds/decisions';
import { stopped } from '../answerSource';
import type { LocalModel } from '../localModel';
import type { ScoreJudge } from './judge';

/** Answers that are scored between two looks at the signal. */
const atOnce = 32;

/**
 * The judge that is the implicit reward of another run, against the base of that run.
 *
 * @param name of the run, for people
 */
export function rewardModelJudge(model: LocalModel, name: string): ScoreJudge {
  return {
    kind: 'scores',
    id: rewardJudge,
    by: `the implicit reward of ${name}`,
    scores: async (answers, signal) => {
      const scores: (number | null)[] = [];
      for (let first = 0; first < answers.length; first += atOnce) {
        if (signal.aborted) throw new MarginError('interrupted', stopped);
        const values = await model.values(answers.slice(first, first + atOnce));
        scores.push(...values.map(({ reward }) => reward));
      }
      return scores;
    },
    release: () => model.release(),
  };
}
