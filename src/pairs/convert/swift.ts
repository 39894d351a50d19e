import { callsTools } from '../formats/messages';
import type { JsonObject } from '../json';
import type { Message } from '../pair';
import { leftOut } from './loss';
import { bare, chatRefusal, fieldLosses, styleLosses, turnsOf } from './sides';
import type { Target } from './target';

/**
 * `{"messages": [user, assistant], "rejected_response": "b"}`: ms-swift's standard rows. If an answer has several
 * turns, `rejected_messages` holds the whole rejected conversation (ms-swift 3.8 or later). Tools are JSON as text.
 */
export const swift: Target = {
  id: 'ms-swift',
  label: 'ms-swift: messages, rejected_response',
  file: 'jsonl',
  purpose: 'DPO, ORPO, CPO, SimPO and reward training with ms-swift',
  tool: 'ms-swift',
  link: 'https://swift.readthedocs.io/en/latest/Customization/Custom-dataset.html',
  options: [],
  extraColumns: true,
  reads: ['ms-swift-rejected-response', 'ms-swift-rejected-messages'],
  write(row) {
    if (row.kind === 'judged') return leftOut('judged');
    const turns = turnsOf(row);
    const refused = chatRefusal(turns);
    if (refused) return { rows: [], losses: [refused] };
    const { prompt, chosen, rejected } = row.pair;
    if ([prompt, chosen, rejected].flat().some(callsTools)) return leftOut('tool-calls');
    const written = { messages: bare([...prompt, ...chosen]), ...otherAnswer(prompt, chosen, rejected) };
    const tools: JsonObject = turns.tools.length > 0 ? { tools: JSON.stringify(turns.tools) } : {};
    return { rows: [{ ...written, ...tools }], losses: [...styleLosses(turns), ...fieldLosses(turns)] };
  },
};

function otherAnswer(prompt: readonly Message[], chosen: readonly Message[], rejected: readonly Message[]): JsonObject {
  const [first] = rejected;
  return isOneAnswer(chosen) && isOneAnswer(rejected) && first !== undefined
    ? { rejected_response: first.content }
    : { rejected_messages: bare([...prompt, ...rejected]) };
}

function isOneAnswer(turns: readonly Message[]): boolean {
  return turns.length === 1 && turns[0]?.role === 'assistant';
}
