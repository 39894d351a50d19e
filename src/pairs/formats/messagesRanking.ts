import { columns } from './columns';
import { answer, messageTurns, systemBefore } from './dialogue';
import type { Format } from './format';
import { isMessage } from './messages';
import { message } from './parts';

const rows = columns({
  id: 'messages-ranking',
  label: 'messages (or conversations, context), chosen, rejected as answers (axolotl chat_template, LLaMA-Factory)',
  tool: 'axolotl',
  link: 'https://docs.axolotl.ai/docs/rlhf.html',
  prompt: [systemBefore(messageTurns), messageTurns],
  chosen: answer('chosen', message('chosen', 'assistant')),
  rejected: answer('rejected', message('rejected', 'assistant')),
});

/**
 * `{"messages": [user], "chosen": assistant, "rejected": assistant}`: axolotl's chat_template, LLaMA-Factory's OpenAI
 * ranking. Other tools write the answers as texts or as lists. Then turns that end with an answer are not the prompt:
 * UltraFeedback's `messages` repeat the chosen conversation.
 */
export const messagesRanking: Format = {
  ...rows,
  detect: (value) =>
    rows.detect(value) && (isMessage(value['chosen']) || messageTurns.read(value).at(-1)?.role !== 'assistant'),
};
