import { columns } from './columns';
import { text } from './parts';

/** `{"question": "2 + 2?", "response_j": "4", "response_k": "5"}`: stack-exchange-paired; j is the better answer. */
export const stackPairs = columns({
  id: 'stack-exchange-paired',
  label: 'question, response_j, response_k (stack-exchange-paired)',
  tool: 'torchtune',
  link: 'https://huggingface.co/datasets/lvwerra/stack-exchange-paired',
  prompt: [text('question', 'user')],
  chosen: text('response_j', 'assistant'),
  rejected: text('response_k', 'assistant'),
});
