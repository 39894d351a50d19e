import { columns } from './columns';
import { withQuestion } from './withQuestion';
import { earlierTurns, oneText, systemText, text } from './parts';

/** The keys that hold the question; rows of plain text may have them too. */
const names = ['question', 'query', 'user_prompt', 'user_input', 'user_message', 'problem'] as const;

/**
 * `{"system": "Be brief.", "question": "2 + 2?", "chosen": "4", "rejected": "5"}`: Intel's orca_dpo_pairs, which
 * axolotl reads as `chatml.intel`.
 */
export const question = withQuestion(
  columns({
    id: 'orca-question',
    label: 'system, question (or query, user_prompt, problem), chosen, rejected (orca_dpo_pairs, axolotl intel)',
    tool: 'axolotl',
    link: 'https://docs.axolotl.ai/docs/rlhf.html',
    prompt: [systemText, earlierTurns, oneText(names, 'user')],
    chosen: text('chosen', 'assistant'),
    rejected: text('rejected', 'assistant'),
  }),
  names,
);
