import { type AnswerList, bestFirst } from './answerList';
import { countPairs, type PairRule } from './pairRule';
import { type Problem, problem } from './problem';

/** Why answers of a list are in no pair: they have no score or no text, or the rule makes no pair from them. */
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
            `${unrated} of ${list.answers.length} answers have no text or no ${list.measure}, so no pair uses them.`,
          ),
        ];
  const reason = noPairs(list, rule);
  if (reason === null) return left;
  const few = comparable < 2;
  return [...left, problem(few ? 'warning' : 'info', few ? 'few-answers' : 'no-pairs', list.key, reason)];
}

/** Why a rule makes no pair from a list; null if it makes one. */
export function noPairs(list: AnswerList, rule: PairRule): string | null {
  if (countPairs(list, rule).pairs > 0) return null;
  const comparable = bestFirst(list).length;
  if (comparable < 2) return `A pair needs two answers with a ${list.measure}, and the list has ${comparable}.`;
  return `The rule ${rule.name} makes no pair from the ${comparable} answers.`;
}
