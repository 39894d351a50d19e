import { howRead } from './format';
import { text } from './parts';
import { byValue, verdictFormat } from './verdict';

/**
 * `{"prompt": "2 + 2?", "response_0": "4", "response_1": "5", "better_response_id": 0, "safer_response_id": 0}`:
 * PKU-SafeRLHF. Margin reads the verdict on helpfulness and says where the one on safety differs.
 */
export const safeRlhf = verdictFormat({
  id: 'pku-safe-rlhf',
  label: 'prompt, response_0, response_1, better_response_id (PKU-SafeRLHF)',
  tool: 'PKU-SafeRLHF',
  link: 'https://huggingface.co/datasets/PKU-Alignment/PKU-SafeRLHF',
  about: [
    'safer_response_id',
    'is_response_0_safe',
    'is_response_1_safe',
    ...ofBoth('harm_category', 'severity_level'),
  ],
  prompt: [text('prompt', 'user')],
  answers: [text('response_0', 'assistant'), text('response_1', 'assistant')],
  verdict: ['better_response_id'],
  ...byValue('better_response_id', [0, 1]),
  notes: ({ better_response_id: better, safer_response_id: safer }) =>
    typeof safer !== 'number' || safer === better ? [] : [howRead('better_response_id', otherVerdict)],
  blank: { better_response_id: 0 },
});

const otherVerdict =
  'better_response_id (helpfulness) says which answer is chosen. safer_response_id says the other one; it is not read.';

function ofBoth(...names: readonly string[]): string[] {
  return names.flatMap((name) => [`response_0_${name}`, `response_1_${name}`]);
}
