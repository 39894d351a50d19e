import { promptProblems } from '../promptProblems';
import type { RuleFamily } from './rule';

export const promptRules: RuleFamily = {
  title: 'Prompts',
  checks: [promptProblems],
  rules: [
    {
      id: 'empty-prompt',
      severity: 'warning',
      foundBy: 'row',
      report: 'first',
      title: 'The prompt is empty',
      doc: 'The answers are trained without a question, so the model learns to say them whatever is asked. Write the prompt, or delete the row.',
    },
    {
      id: 'no-shared-prompt',
      severity: 'warning',
      foundBy: 'row',
      report: 'first',
      title: 'Both answers share no prompt',
      doc: 'The prompt is what both sides begin with, and they begin differently. The pair compares answers to different questions. Make both begin with the same question.',
    },
    {
      id: 'no-prompts',
      severity: 'warning',
      foundBy: 'file',
      report: 'once',
      title: 'The rows of the file have no prompts',
      doc: 'Rows without a key for the prompt are read as two texts that begin with it. Here the shared start of the texts seems accidental, so TRL would take a few shared words as the prompt. Add the key prompt.',
    },
    {
      id: 'prompt-differs',
      severity: 'warning',
      foundBy: 'row',
      report: 'once',
      title: 'The key prompt differs from the turns that are read',
      doc: 'Both lists of messages begin with the same turns, and these are read as the prompt. The text in the key prompt is another one, and is not read. Delete the key, or correct the turns.',
    },
    {
      id: 'repeated-prompt',
      severity: 'warning',
      foundBy: 'row',
      report: 'first',
      title: 'An answer begins with the prompt',
      doc: 'The row has a prompt of its own, and answers begin with it again. The model sees the prompt twice and learns to repeat it. Write the answers alone. If only one answer repeats it, that may be the point of the pair: then it is a hint.',
    },
  ],
};
