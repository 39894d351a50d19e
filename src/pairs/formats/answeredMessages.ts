import { isMessageList, readMessages, writeMessages } from './messages';
import { answeredTurn, askedTurns } from './answeredShareGpt';
import { columns, type Columns } from './columns';
import { systemBefore } from './dialogue';
import { message, type Part, text } from './parts';

/** The turns of `messages` before the answer that ends it. */
export const asked: Part = {
  shape: 'other',
  keys: ['messages'],
  fits: ({ messages: list }) => isMessageList(list) && list.length > 1 && list.at(-1)?.['role'] === 'assistant',
  read: ({ messages: list }) => readMessages(list).slice(0, -1),
  write: (value, turns) => {
    const list = isMessageList(value['messages']) ? value['messages'] : [];
    return { ...value, messages: [...writeMessages(list.slice(0, -1), turns), ...list.slice(-1)] };
  },
  blank: () => ({
    messages: [
      { role: 'user', content: '' },
      { role: 'assistant', content: '' },
    ],
  }),
};

/** The answer that ends `messages`. */
export const answered: Part = {
  ...asked,
  read: ({ messages: list }) => readMessages(list).slice(-1),
  write: (value, turns) => {
    const list = isMessageList(value['messages']) ? value['messages'] : [];
    return { ...value, messages: [...list.slice(0, -1), ...writeMessages(list.slice(-1), turns)] };
  },
};

const swift = {
  tool: 'ms-swift',
  link: 'https://swift.readthedocs.io/en/latest/Customization/Custom-dataset.html',
} as const;

const withRejected = (
  facts: Pick<Columns, 'id' | 'label' | 'tool' | 'link'>,
  rejected: Part,
): ReturnType<typeof columns> =>
  columns({ ...facts, prompt: [systemBefore(asked), asked], chosen: answered, rejected });

/** `{"messages": [user, assistant], "rejected_response": "5"}`: the list ends with the chosen answer. */
export const rejectedResponse = withRejected(
  { id: 'ms-swift-rejected-response', label: 'messages, rejected_response (ms-swift)', ...swift },
  text('rejected_response', 'assistant'),
);

/** The same with ShareGPT's turns in `conversations`. */
export const rejectedShareGpt = columns({
  id: 'ms-swift-sharegpt',
  label: 'conversations with from/value, rejected_response (ms-swift)',
  ...swift,
  prompt: [systemBefore(askedTurns), askedTurns],
  chosen: answeredTurn,
  rejected: text('rejected_response', 'assistant'),
});

/**
 * `{"messages": [user, assistant], "rejected_message": assistant}`: OpenPipe's rows of OpenAI's chat with one key more.
 */
export const rejectedMessage = withRejected(
  {
    id: 'openpipe',
    label: 'messages, rejected_message (OpenPipe)',
    tool: 'OpenPipe',
    link: 'https://docs.openpipe.ai/features/dpo/overview',
  },
  message('rejected_message', 'assistant'),
);
