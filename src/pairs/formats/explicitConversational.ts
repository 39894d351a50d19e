import type { Format } from './format';
import { inOrderOf } from './format';
import { isMessageList, readMessages, writeMessages } from './messages';
import { toolsOf } from './toolsOf';

/**
 * `{"prompt": [message…], "chosen": [message…], "rejected": [message…]}`: the answers contain only the
 * turns after the prompt (TRL: conversational, explicit prompt).
 */
export const explicitConversational: Format = {
  id: 'explicit-conversational',
  label: 'prompt, chosen, rejected as messages (TRL)',
  tool: 'TRL',
  link: 'https://huggingface.co/docs/trl/dataset_formats',
  keys: ['prompt', 'chosen', 'rejected', 'tools'],
  detect: (value) => [value['prompt'], value['chosen'], value['rejected']].every(isMessageList),
  read: (value) => ({
    style: 'chat',
    prompt: readMessages(value['prompt']),
    chosen: readMessages(value['chosen']),
    rejected: readMessages(value['rejected']),
    ...toolsOf(value),
  }),
  write: (value, pair) => ({
    ...value,
    prompt: writeMessages(value['prompt'], pair.prompt),
    chosen: writeMessages(value['chosen'], pair.chosen),
    rejected: writeMessages(value['rejected'], pair.rejected),
  }),
  blank: (neighbour) =>
    inOrderOf(neighbour, {
      prompt: [{ role: 'user', content: '' }],
      chosen: [{ role: 'assistant', content: '' }],
      rejected: [{ role: 'assistant', content: '' }],
    }),
};
