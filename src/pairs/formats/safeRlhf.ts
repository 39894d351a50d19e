import { text } from './parts';
import { byValue, verdictFormat } from './verdict';

/**
 * `{"prompt": "2 + 2?", "response_0": "4", "response_1": "5", "better_response_id": 0, "safer_response_id": 0}`:
 * PKU-SafeRLHF. Margin reads the verdict on helpfulness; `safer_response_id` stays in the row.
 */
export const safeRlhf = verdictFormat({
  id: 'pku-safe-rlhf',
  label: 'prompt, response_0, response_1, better_response_id (PKU-SafeRLHF)',
  tool: 'PKU-SafeRLHF',
  link: 'https://huggingface.co/datasets/PKU-Alignment/PKU-SafeRLHF',
  prompt: [text('prompt', 'user')],
  answers: [text('response_0', 'assistant'), text('response_1', 'assistant')],
  verdict: ['better_response_id'],
  ...byValue('better_response_id', [0, 1]),
  blank: { better_response_id: 0 },
});
