import { columns } from './columns';
import { oneOf, optional, text } from './parts';
import { shareGptList, shareGptTurn } from './shareGpt';

/**
 * `{"conversations": [{"from": "human", "value": "2 + 2?"}], "chosen": {"from": "gpt", "value": "4"}, "rejected": …}`:
 * LLaMA-Factory's ShareGPT ranking. Other tools write the answers as texts.
 */
export const shareGptRanking = columns({
  id: 'llama-factory-sharegpt',
  label: 'conversations with from/value, chosen, rejected as single messages (LLaMA-Factory ShareGPT ranking)',
  tool: 'LLaMA-Factory',
  toolsAsText: true,
  link: 'https://github.com/hiyouga/LLaMA-Factory/blob/main/data/README.md',
  prompt: [optional(text('system', 'system')), shareGptList('conversations')],
  chosen: oneOf(shareGptTurn('chosen'), text('chosen', 'assistant')),
  rejected: oneOf(shareGptTurn('rejected'), text('rejected', 'assistant')),
});
