import { columns } from './columns';
import { withQuestion } from './withQuestion';
import { history, optional, text } from './parts';

/**
 * `{"system": "Be brief.", "question": "2 + 2?", "chosen": "4", "rejected": "5"}`: Intel's orca_dpo_pairs, which
 * axolotl reads as `chatml.intel`.
 */
export const question = withQuestion(
  columns({
    id: 'orca-question',
    label: 'system, question, chosen, rejected (orca_dpo_pairs, axolotl intel)',
    tool: 'axolotl',
    link: 'https://docs.axolotl.ai/docs/rlhf.html',
    prompt: [optional(text('system', 'system')), optional(history('history')), text('question', 'user')],
    chosen: text('chosen', 'assistant'),
    rejected: text('rejected', 'assistant'),
  }),
  'question',
);
