import { columns } from './columns';
import { answer, shareGptTurns, systemBefore } from './dialogue';
import { shareGptTurn } from './shareGpt';

/**
 * `{"conversations": [{"from": "human", "value": "2 + 2?"}], "chosen": {"from": "gpt", "value": "4"}, "rejected":
 * …}`: LLaMA-Factory's ShareGPT ranking. Other tools write the answers as texts or lists.
 */
export const shareGptRanking = columns({
  id: 'llama-factory-sharegpt',
  label:
    'conversations (or trajectory, context) with from/value, chosen, rejected as answers (LLaMA-Factory ShareGPT ranking)',
  tool: 'LLaMA-Factory',
  toolsAsText: true,
  link: 'https://github.com/hiyouga/LLaMA-Factory/blob/main/data/README.md',
  prompt: [systemBefore(shareGptTurns), shareGptTurns],
  chosen: answer('chosen', shareGptTurn('chosen')),
  rejected: answer('rejected', shareGptTurn('rejected')),
});
