import type { JsonObject } from '../json';
import { type Format, inOrderOf } from './format';
import { implicitConversational } from './implicitConversational';
import { systemText } from './parts';
import { writePrompt } from './columns';

const system = systemText;
/** The turns of the lists, without the system turn. */
const lists = implicitConversational;

/**
 * `{"system": "Be brief.", "prompt": "2 + 2?", "chosen": [user, assistant], "rejected": [user, assistant]}`: axolotl's
 * `chatml.ultra`, UltraFeedback's rows with a system prompt in a key of its own.
 */
export const systemLists: Format = {
  ...lists,
  id: 'axolotl-ultra',
  label: 'system, chosen, rejected as messages (axolotl ultra)',
  tool: 'axolotl',
  link: 'https://docs.axolotl.ai/docs/rlhf.html',
  keys: [...system.keys, ...lists.keys],
  detect: (value) => hasText(value) && lists.detect(value) && !hasSystem(value),
  read: (value) => {
    const pair = lists.read(value);
    return { ...pair, prompt: [...system.read(value), ...pair.prompt] };
  },
  write: (value, pair) => {
    const own = system.read(value).length;
    const row = writePrompt([system], value, pair.prompt.slice(0, own));
    return lists.write(row, { ...pair, prompt: pair.prompt.slice(own) });
  },
  blank: (neighbour) => inOrderOf(neighbour, { system: '', ...lists.blank(neighbour) }),
};

/** Whether the row has a key for its system prompt. */
function hasText(value: JsonObject): boolean {
  return system.keys.some((key) => typeof value[key] === 'string');
}

/** Whether the lists begin with a system turn. Then the format of the lists reads the row without the key `system`. */
function hasSystem(value: JsonObject): boolean {
  return lists.read(value).prompt[0]?.role === 'system';
}
