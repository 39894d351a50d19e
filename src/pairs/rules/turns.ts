import { turnProblems } from '../turnProblems';
import type { RuleFamily } from './rule';

export const turnRules: RuleFamily = {
  title: 'Turns',
  checks: [turnProblems],
  rules: [
    {
      id: 'unknown-role',
      severity: 'warning',
      foundBy: 'row',
      report: 'first',
      title: 'A role that chat templates do not know',
      doc: 'Chat templates know system, user, assistant and tool. They refuse other roles, or drop the turn in silence. Rename the role.',
      link: 'https://huggingface.co/docs/transformers/chat_templating',
    },
    {
      id: 'role-order',
      severity: 'warning',
      foundBy: 'row',
      report: 'first',
      title: 'Turns in an order that chat templates refuse',
      doc: 'Two user or two assistant turns follow each other, a system turn is not the first one, the prompt ends with the assistant, or an answer does not. Many templates stop with an error; others write a conversation that no user will have. Often a turn was lost when the file was made.',
      link: 'https://huggingface.co/docs/transformers/chat_templating',
    },
  ],
};
