import type { CheckedRow } from '../checkedRow';
import { type Problem, problem } from '../problem';
import type { RuleFamily } from './rule';

/** How language models begin a refusal, in English and Chinese. */
const refusal =
  /^\W{0,3}(?:(?:(?:I['’]m|I am) (?:very |really |so )?sorry|(?:I )?apologi[sz]e|Sorry|Unfortunately)[,.]? (?:but )?I(?: am|['’]m|) ?(?:can['’]?t|can ?not|won['’]t|unable|not able)|I(?: am|['’]m) (?:unable|not able) to|I (?:can['’]?t|can ?not|won['’]t) (?:help|assist|provide|fulfil|comply|answer|create|generate|engage|support|discuss|do that)|(?:对不起|抱歉|很抱歉|非常抱歉)，.{0,10}(?:不能|无法|不可以))/i;
/**
 * Models also begin good answers by saying what they are. It is a refusal only if the answer then says what it cannot
 * do.
 */
const asModel =
  /^\W{0,3}(?:As an? (?:AI|artificial intelligence|(?:large )?language model)|作为(?:一个|一名)?(?:AI|人工智能))[^.。\n]{0,60}(?:can['’]?t|can ?not|unable|not able|do(?: not|n['’]t) have|不能|无法|没有能力)/i;
/** An answer to the question follows after all. */
const butAnswers = /however|\bbut\b|nevertheless|但是|但我|然而|不过/i;
/** Characters at the start of an answer that are searched: a refusal comes there. */
const looked = 300;

export const refusalRules: RuleFamily = {
  title: 'Refusals',
  checks: [refusalProblems],
  rules: [
    {
      id: 'refusal',
      severity: 'info',
      foundBy: 'row',
      report: 'once',
      title: 'The chosen answer refuses',
      doc: 'The chosen answer begins as language models refuse ("I\'m sorry, but I cannot", "As an AI language model"), and the other one does not; or both do. If the question is harmless, the model learns to refuse too much. In data about harmlessness this is what the pairs are for: then turn the rule off. Refusals in other words, and in languages other than English and Chinese, are not found.',
      link: 'https://arxiv.org/abs/2308.01263',
    },
  ],
};

function refusalProblems({ answers }: CheckedRow): Problem[] {
  const [chosen, rejected] = answers;
  if (answers.length !== 2 || chosen?.field !== 'chosen' || !rejected) return [];
  const refuses = ({ turns }: typeof chosen): boolean => refusesIn(turns.at(-1)?.content ?? '');
  if (!refuses(chosen)) return [];
  const message = refuses(rejected)
    ? 'Both answers refuse, so the pair says little about a good answer.'
    : 'The chosen answer refuses, the rejected one does not: the model learns to refuse such a question.';
  return [problem('info', 'refusal', 'chosen', message)];
}

/** Whether an answer begins as language models refuse. */
export function refusesIn(answer: string): boolean {
  const start = answer.slice(0, looked);
  return refusal.test(start) || (asModel.test(start) && !butAnswers.test(start));
}
