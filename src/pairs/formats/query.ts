import { columns } from './columns';
import { earlierTurns, systemText, text } from './parts';

/**
 * `{"query": "2 + 2?", "response": "4", "rejected_response": "5"}`: ms-swift, with `system` and `history` where a
 * conversation has them.
 */
export const query = columns({
  id: 'ms-swift-query',
  label: 'query, response, rejected_response (ms-swift)',
  tool: 'ms-swift',
  link: 'https://swift.readthedocs.io/en/latest/Customization/Custom-dataset.html',
  prompt: [systemText, earlierTurns, text('query', 'user')],
  chosen: text('response', 'assistant'),
  rejected: text('rejected_response', 'assistant'),
});
