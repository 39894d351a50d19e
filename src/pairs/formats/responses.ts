import { columns } from './columns';
import { earlierTurns, messages, oneOf, systemText, text } from './parts';

/**
 * `{"prompt": "2 + 2?", "chosen_response": "4", "rejected_response": "5"}`: axolotl's `chatml.argilla` (with
 * `instruction`), NeMo-RL and H2O LLM Studio.
 */
export const responses = columns({
  id: 'chosen-response',
  label: 'prompt or instruction, chosen_response, rejected_response (axolotl argilla, NeMo-RL)',
  tool: 'axolotl',
  link: 'https://docs.axolotl.ai/docs/rlhf.html',
  prompt: [
    systemText,
    earlierTurns,
    oneOf(text('instruction', 'user'), text('prompt', 'user'), text('question', 'user'), messages('prompt', 'user')),
  ],
  chosen: text('chosen_response', 'assistant'),
  rejected: text('rejected_response', 'assistant'),
});
