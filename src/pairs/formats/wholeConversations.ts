import { sameJson, type JsonObject } from '../json';
import { explicitConversational } from './explicitConversational';
import type { Format } from './format';
import { isMessageList, readMessages, writeMessages } from './messages';

/**
 * `{"prompt": [user], "chosen": [user, assistant], "rejected": [user, assistant]}`: answers that hold the whole
 * conversation, prompt included. The prompt is read once.
 */
export const wholeConversations: Format = {
  ...explicitConversational,
  id: 'whole-conversations',
  label: 'prompt, chosen, rejected as messages, the prompt in each answer (TRL)',
  detect: (value) => explicitConversational.detect(value) && [value['chosen'], value['rejected']].every(begins(value)),
  read: (value) => {
    const end = lengthOf(value['prompt']);
    const pair = explicitConversational.read(value);
    return { ...pair, chosen: pair.chosen.slice(end), rejected: pair.rejected.slice(end) };
  },
  write: (value, pair) => ({
    ...value,
    prompt: writeMessages(value['prompt'], pair.prompt),
    chosen: writeMessages(value['chosen'], [...pair.prompt, ...pair.chosen]),
    rejected: writeMessages(value['rejected'], [...pair.prompt, ...pair.rejected]),
  }),
  blank: (neighbour) => {
    const { prompt, ...rest } = explicitConversational.blank(neighbour);
    const sides = Object.entries(rest).map(([key, turns]) => [key, [...readMessages(prompt), ...readMessages(turns)]]);
    return Object.fromEntries(Object.entries({ prompt, ...Object.fromEntries(sides) }).sort(orderOf(neighbour)));
  },
};

function begins({ prompt }: JsonObject): (list: unknown) => boolean {
  const end = lengthOf(prompt);
  return (list) => end > 0 && isMessageList(list) && list.length > end && sameJson(list.slice(0, end), prompt);
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}

function orderOf(neighbour: JsonObject): (a: [string, unknown], b: [string, unknown]) => number {
  const keys = Object.keys(neighbour);
  return ([a], [b]) => keys.indexOf(a) - keys.indexOf(b);
}
