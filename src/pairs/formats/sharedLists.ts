import type { JsonObject } from '../json';
import { inOrderOf, type Format } from './format';
import { isMessageList, readMessages, sharedMessages, writeMessages } from './messages';
import { toolsOf } from './toolsOf';

interface Names extends Pick<Format, 'id' | 'label' | 'tool' | 'link' | 'toolsAsText'> {
  readonly chosen: string;
  readonly rejected: string;
}

/** Two lists of messages that begin with the same turns, which are the prompt. */
function sharedLists({ chosen, rejected, ...facts }: Names): Format {
  const list = [
    { role: 'user', content: '' },
    { role: 'assistant', content: '' },
  ];
  const listsOf = (value: JsonObject): readonly (readonly JsonObject[])[] =>
    [value[chosen], value[rejected]].filter(isMessageList);
  return {
    ...facts,
    keys: [chosen, rejected, 'tools'],
    detect: (value) => listsOf(value).length === 2,
    read: (value) => {
      const [one = [], other = []] = listsOf(value);
      const end = sharedMessages(one, other);
      return {
        style: 'chat',
        prompt: readMessages(one).slice(0, end),
        chosen: readMessages(one).slice(end),
        rejected: readMessages(other).slice(end),
        ...toolsOf(value),
      };
    },
    write: (value, pair) => ({
      ...value,
      [chosen]: writeMessages(value[chosen], [...pair.prompt, ...pair.chosen]),
      [rejected]: writeMessages(value[rejected], [...pair.prompt, ...pair.rejected]),
    }),
    swap: (value) => ({ ...value, [chosen]: value[rejected], [rejected]: value[chosen] }),
    blank: (neighbour) => inOrderOf(neighbour, { [chosen]: list, [rejected]: list }),
  };
}

/** `{"chosen_conversations": [user, assistant], "rejected_conversations": [user, assistant]}`: torchtune. */
export const chosenConversations = sharedLists({
  id: 'torchtune',
  label: 'chosen_conversations, rejected_conversations (torchtune)',
  tool: 'torchtune',
  link: 'https://docs.pytorch.org/torchtune/stable/basics/preference_datasets.html',
  chosen: 'chosen_conversations',
  rejected: 'rejected_conversations',
});

/**
 * `{"chosen_messages": [user, assistant], "rejected_messages": [user, assistant]}`: LLaMA-Factory v1, whose contents
 * are parts.
 */
export const chosenMessages = sharedLists({
  id: 'llama-factory-v1',
  label: 'chosen_messages, rejected_messages (LLaMA-Factory v1)',
  tool: 'LLaMA-Factory',
  toolsAsText: true,
  link: 'https://github.com/hiyouga/LLaMA-Factory',
  chosen: 'chosen_messages',
  rejected: 'rejected_messages',
});

/**
 * `{"real": [user, assistant], "generated": [user, assistant]}`: SPIN, where the model's own answers are the worse
 * ones.
 */
export const realAndGenerated = sharedLists({
  id: 'spin',
  label: 'real, generated as messages (SPIN)',
  tool: 'SPIN',
  link: 'https://huggingface.co/datasets/UCLA-AGI/SPIN_iter0',
  chosen: 'real',
  rejected: 'generated',
});

/**
 * `{"messages": [user, assistant], "rejected_messages": [user, assistant]}`: ms-swift. Both lists are whole
 * conversations.
 */
export const rejectedMessages = sharedLists({
  id: 'ms-swift-rejected-messages',
  label: 'messages, rejected_messages (ms-swift)',
  tool: 'ms-swift',
  link: 'https://swift.readthedocs.io/en/latest/Customization/Custom-dataset.html',
  chosen: 'messages',
  rejected: 'rejected_messages',
});
