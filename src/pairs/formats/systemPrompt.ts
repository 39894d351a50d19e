import { columns } from './columns';
import { text } from './parts';

/**
 * `{"system": "Be brief.", "prompt": "2 + 2?", "chosen": "4", "rejected": "5"}`: axolotl's `chatml.prompt_pairs`,
 * rendered with the chat template. Without `system` the row is TRL's plain text.
 */
export const systemPrompt = columns({
  id: 'axolotl-prompt-pairs',
  label: 'system, prompt, chosen, rejected (axolotl prompt_pairs)',
  tool: 'axolotl',
  link: 'https://docs.axolotl.ai/docs/rlhf.html',
  prompt: [text('system', 'system'), text('prompt', 'user')],
  chosen: text('chosen', 'assistant'),
  rejected: text('rejected', 'assistant'),
});
