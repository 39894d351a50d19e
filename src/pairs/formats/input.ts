import { columns } from './columns';
import { withQuestion } from './withQuestion';
import { messages, oneOf, systemText, text } from './parts';

/**
 * `{"input": "2 + 2?", "chosen": "4", "rejected": "5"}`: OpenRLHF with `--input_key input`, and axolotl's `chatml.icr`,
 * which may have a `system` too.
 */
export const input = withQuestion(
  columns({
    id: 'openrlhf-input',
    label: 'input, chosen, rejected (OpenRLHF, axolotl icr)',
    tool: 'OpenRLHF',
    link: 'https://openrlhf.readthedocs.io/en/latest/rl.html',
    prompt: [systemText, oneOf(text('input', 'user'), messages('input', 'user'))],
    chosen: oneOf(text('chosen', 'assistant'), messages('chosen', 'assistant')),
    rejected: oneOf(text('rejected', 'assistant'), messages('rejected', 'assistant')),
  }),
  ['input'],
);
