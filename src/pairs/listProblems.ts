import { type AnswerList, bestFirst } from './answerList';
import { countPairs, type PairRule } from './pairRule';
import { type Problem, problem } from './problem';

/** What keeps the answers of a list out of pairs: no score, no text, or only equal ones. */
export function listProblems(list: AnswerList, rule: PairRule): Problem[] {
  const comparable = bestFirst(list).length;
  const unrated = list.answers.length - comparable;
  const left =
    unrated === 0
      ? []
      : [
          problem(
            'info',
            'unrated-answer',
            list.key,
            `${unrated} of ${list.answers.length} answers have no text or no ${list.measure}, so no pair has them.`,
          ),
        ];
  const reason = noPairs(list, rule);
  if (reason === null) return left;
  const few = comparable < 2;
  return [...left, problem(few ? 'warning' : 'info', few ? 'few-answers' : 'no-pairs', list.key, reason)];
}

/** Why a rule makes no pair of a list; null if it makes one. */
export function noPairs(list: AnswerList, rule: PairRule): string | null {
  if (countPairs(list, rule).pairs > 0) return null;
  const comparable = bestFirst(list).length;
  if (comparable < 2) return `The list has ${comparable} of the two answers with a ${list.measure} that a pair needs.`;
  return `The rule ${rule.name} makes no pair of the ${comparable} answers.`;
}
