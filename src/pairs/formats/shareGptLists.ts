import type { JsonObject } from '../json';
import type { Pair } from '../pair';
import { systemBefore } from './dialogue';
import { type Format, inOrderOf } from './format';
import { sharedMessages } from './messages';
import { shareGptList } from './shareGpt';
import { toolsOf } from './toolsOf';

const [chosen, rejected] = [shareGptList('chosen'), shareGptList('rejected')];
const system = systemBefore(chosen);

/**
 * `{"chosen": [{"from": "human", "value": "2 + 2?"}, {"from": "gpt", "value": "4"}], "rejected": […]}`: two whole
 * conversations as ShareGPT writes them. The turns that they share are the prompt.
 */
export const shareGptLists: Format = {
  id: 'sharegpt-lists',
  label: 'chosen, rejected as conversations with from/value (ShareGPT)',
  tool: 'axolotl',
  toolsAsText: true,
  link: 'https://docs.axolotl.ai/docs/rlhf.html',
  keys: [...system.keys, 'chosen', 'rejected', 'tools'],
  detect: (value) => chosen.fits(value) && rejected.fits(value) && shared(value) > 0,
  read,
  write: (value, pair) => {
    const own = system.read(value).length;
    const rest = pair.prompt.slice(own);
    const row = system.write(value, pair.prompt.slice(0, own));
    return rejected.write(chosen.write(row, [...rest, ...pair.chosen]), [...rest, ...pair.rejected]);
  },
  blank: (neighbour) => {
    const list = [
      { from: 'human', value: '' },
      { from: 'gpt', value: '' },
    ];
    return inOrderOf(neighbour, { chosen: list, rejected: list });
  },
};

function shared(value: JsonObject): number {
  return sharedMessages(chosen.read(value), rejected.read(value));
}

function read(value: JsonObject): Pair {
  const end = shared(value);
  const better = chosen.read(value);
  return {
    style: 'chat',
    prompt: [...system.read(value), ...better.slice(0, end)],
    chosen: better.slice(end),
    rejected: rejected.read(value).slice(end),
    ...toolsOf(value),
  };
}
