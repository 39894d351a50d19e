import type { RuleFamily } from './rule';

export const fileRules: RuleFamily = {
  title: 'The whole file',
  checks: [],
  rules: [
    {
      id: 'no-rows',
      severity: 'error',
      foundBy: 'file',
      title: 'The file is empty',
      doc: 'The file holds no rows, so there is nothing to train on.',
    },
    {
      id: 'duplicate',
      severity: 'warning',
      foundBy: 'file',
      title: 'A row repeats an earlier row',
      doc: 'Prompt and answers are the same as in an earlier row, up to white space. The pair counts twice, and if the file is split, the same pair may be trained on and evaluated. Delete one of the two.',
    },
    {
      id: 'contradiction',
      severity: 'warning',
      foundBy: 'file',
      title: 'A row contradicts an earlier row',
      doc: 'Prompt and answers are those of an earlier row with the answers exchanged, or the same answer has the opposite label. One of the two is wrong, and together they teach nothing.',
    },
    {
      id: 'one-label',
      severity: 'info',
      foundBy: 'file',
      title: 'All judged answers have the same label',
      doc: 'KTO learns from the difference between good and bad answers. If all have the same label, it learns little.',
      link: 'https://huggingface.co/docs/trl/kto_trainer',
    },
  ],
};
