import type { RuleFamily } from './rule';

export const listRules: RuleFamily = {
  title: 'Lists of answers',
  checks: [],
  rules: [
    {
      id: 'unrated-answer',
      severity: 'info',
      foundBy: 'row',
      report: 'once',
      title: 'Answers without text or score',
      doc: 'A rule makes pairs from the scores of a list of answers. An answer without text or score is in no pair.',
    },
    {
      id: 'few-answers',
      severity: 'warning',
      foundBy: 'row',
      report: 'once',
      title: 'Fewer than two answers with a score',
      doc: 'A pair needs two answers with a score, so nothing is trained on this row.',
    },
    {
      id: 'no-pairs',
      severity: 'info',
      foundBy: 'row',
      report: 'once',
      title: 'The pair rule makes no pair',
      doc: 'All answers are equally good, or their scores are closer than pair_gap. Another pair rule may make pairs from the list.',
    },
    {
      id: 'pair-rule',
      severity: 'info',
      foundBy: 'file',
      title: 'What the pair rule makes from the lists',
      doc: 'The number of pairs that the chosen rule makes from all lists of the file, and what other rules would make.',
    },
  ],
};
