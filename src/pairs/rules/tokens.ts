import type { RuleFamily } from './rule';

/** Problems that only the tokens of a model show. */
export const tokenRules: RuleFamily = {
  title: 'Tokens of a model',
  checks: [],
  rules: [
    {
      id: 'left-out',
      severity: 'warning',
      foundBy: 'model',
      title: 'The prompt fills max_length',
      doc: 'No room is left for an answer, so training leaves the row out. Shorten the prompt, or raise max_length.',
    },
    {
      id: 'loses-end',
      severity: 'warning',
      foundBy: 'model',
      title: 'max_length cuts the answer',
      doc: 'Training does not see the end of the answer, and so not how to stop. Shorten the answer, or raise max_length.',
    },
    {
      id: 'boundary',
      severity: 'info',
      foundBy: 'model',
      title: 'The last tokens of the prompt change',
      doc: 'The tokenizer joins the end of the prompt with the start of the answer. Training counts the changed tokens as part of the answer, as TRL does. End the prompt with a line feed, or begin the answer with a space.',
    },
    {
      id: 'same-tokens',
      severity: 'warning',
      foundBy: 'model',
      title: 'Both answers become the same tokens',
      doc: 'The answers differ only after max_length, or in fields that the chat template drops. The pair teaches nothing.',
    },
    {
      id: 'twice-encoded',
      severity: 'info',
      foundBy: 'model',
      title: 'Arguments of a tool call are encoded twice',
      doc: 'The arguments are JSON as text, and the template writes them as JSON again. The model learns to write quotes with backslashes. Write an object.',
    },
    {
      id: 'bad-template',
      severity: 'error',
      foundBy: 'model',
      title: 'The chat template refuses the row',
      doc: 'The chat template of the model ends with an error for this row, often because of its roles. Training leaves the row out.',
    },
  ],
};
