import { isMessageList, readMessages, sharedMessages, writeMessages } from './messages';
import type { JsonObject } from '../json';
import { type Format, inOrderOf } from './format';
import type { Pair } from '../pair';
import { tieProblem } from './verdict';

/** The keys of the two conversations; the search arena calls them messages. */
const names = [
  ['conversation_a', 'conversation_b'],
  ['messages_a', 'messages_b'],
] as const;

const winners = ['model_a', 'model_b'] as const;

/**
 * `{"conversation_a": [user, assistant], "conversation_b": [user, assistant], "winner": "model_a"}`: LMSYS's arena.
 * `tie` and `tie (bothbad)` (`both_bad` in later data) are not pairs.
 */
export const arena: Format = {
  id: 'lmsys-arena',
  label: 'conversation_a, conversation_b (or messages_a, messages_b), winner (LMSYS arena)',
  tool: 'LMSYS Chatbot Arena',
  link: 'https://huggingface.co/datasets/lmsys/chatbot_arena_conversations',
  keys: [...names.flat(), 'winner'],
  keysIn: (value) => [...listsOf(value), 'winner'],
  detect: (value) =>
    (winnerOf(value) !== null || isTie(value)) && listsOf(value).every((key) => isMessageList(value[key])),
  about: ['anony', 'full_conversation', 'conv_metadata', 'openai_moderation', 'toxic_chat_tag', 'tstamp'],
  refuse: (value) => (isTie(value) ? tieProblem(`The winner is "${String(value['winner'])}"`) : null),
  read,
  write: (value, { prompt, chosen, rejected }) => {
    const [better, worse] = betterFirst(value);
    return {
      ...value,
      [better]: writeMessages(value[better], [...prompt, ...chosen]),
      [worse]: writeMessages(value[worse], [...prompt, ...rejected]),
    };
  },
  swap: (value) => ({ ...value, winner: value['winner'] === winners[0] ? winners[1] : winners[0] }),
  blank: (neighbour) => {
    const list = [
      { role: 'user', content: '' },
      { role: 'assistant', content: '' },
    ];
    const [a, b] = listsOf(neighbour);
    return inOrderOf(neighbour, { [a]: list, [b]: list, winner: 'model_a' });
  },
};

function read(value: JsonObject): Pair {
  const [betterKey, worseKey] = betterFirst(value);
  const better = readMessages(value[betterKey]);
  const worse = readMessages(value[worseKey]);
  const end = sharedMessages(better, worse);
  return { style: 'chat', prompt: better.slice(0, end), chosen: better.slice(end), rejected: worse.slice(end) };
}

/** The keys of the two answers: the better answer first. */
function betterFirst(value: JsonObject): readonly [string, string] {
  const [a, b] = listsOf(value);
  return winnerOf(value) === 'model_b' ? [b, a] : [a, b];
}

function listsOf(value: JsonObject): readonly [string, string] {
  return names.find((keys) => keys.every((key) => isMessageList(value[key]))) ?? names[0];
}

function winnerOf({ winner }: JsonObject): (typeof winners)[number] | null {
  return winners.find((name) => name === winner) ?? null;
}

function isTie({ winner }: JsonObject): boolean {
  return typeof winner === 'string' && (winner.startsWith('tie') || winner === 'both_bad');
}
