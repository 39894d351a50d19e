import { columns } from './columns';
import { message, messages, oneOf, text } from './parts';

/**
 * `{"prompt": "2 + 2?", "chosen": {"role": "assistant", "content": "4"}, "rejected": …}`: a prompt as text or as
 * messages, and answers as single messages or as lists. TRL takes none of these mixtures.
 */
export const textWithMessages = columns({
  id: 'mixed-messages',
  label: 'prompt, chosen, rejected, some as text and some as messages (TRL)',
  tool: 'TRL',
  link: 'https://huggingface.co/docs/trl/dataset_formats',
  prompt: [oneOf(text('prompt', 'user'), messages('prompt', 'user'))],
  chosen: oneOf(message('chosen', 'assistant'), messages('chosen', 'assistant')),
  rejected: oneOf(message('rejected', 'assistant'), messages('rejected', 'assistant')),
});
