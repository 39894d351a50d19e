import { emptyOrSame, truncatedAnswers } from '../answerProblems';
import type { RuleFamily } from './rule';

/** Answers that teach nothing, or that stop too early. */
export const answerRules: RuleFamily = {
  title: 'Answers',
  checks: [emptyOrSame],
  rules: [
    {
      id: 'empty-answer',
      severity: 'warning',
      foundBy: 'row',
      title: 'An answer is empty',
      doc: 'The answer has no text except white space, and calls no tool. If it is the chosen one, the model learns to end at once; if it is the rejected one, the pair teaches only that an answer is better than none. TRL trains on it without a word. Write an answer, or delete the row.',
    },
    {
      id: 'identical-answers',
      severity: 'warning',
      foundBy: 'row',
      title: 'Both answers are the same',
      doc: 'Chosen and rejected are the same, at most up to white space at their ends. The loss of the pair stays ln 2, its gradient is zero, and the accuracy counts it as wrong. Change one, or delete the row.',
    },
  ],
};

/** This check comes after all others: it is a guess. */
export const truncatedRules: RuleFamily = {
  title: 'Answers that stop',
  checks: [truncatedAnswers],
  rules: [
    {
      id: 'truncated-answer',
      severity: 'info',
      foundBy: 'row',
      title: 'An answer seems to stop in the middle',
      doc: 'The last line has complete sentences but ends inside one, while the other answer ends with a sentence; or a code block is not closed. A missing full stop is not enough: the line ends in a comma, in a word such as “the”, “of” or “because”, inside a quotation or parentheses, or inside a word of the other answer. Often the limit of tokens was too low when the answer was made. The model learns to stop there. Complete the answer, or remove the unfinished sentence.',
    },
  ],
};
