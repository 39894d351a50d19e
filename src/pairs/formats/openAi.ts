import { isRecord } from '../../base/pure/isRecord';
import type { JsonObject } from '../json';
import type { Format } from './format';
import { columns } from './columns';
import { messages, type Part } from './parts';
import { toolsOf } from './toolsOf';

const inner = messages('messages', 'user');
const inputOf = (value: JsonObject): JsonObject => (isRecord(value['input']) ? value['input'] : {});

/** The messages inside `input`. */
const input: Part = {
  ...inner,
  shape: 'other',
  keys: ['input'],
  fits: (value) => inner.fits(inputOf(value)),
  read: (value) => inner.read(inputOf(value)),
  write: (value, turns) => ({ ...value, input: inner.write(inputOf(value), turns) }),
  blank: () => ({ input: inner.blank() }),
};

const rows = columns({
  id: 'openai-preference',
  label: 'input, preferred_output, non_preferred_output (OpenAI, Azure, Together)',
  tool: 'OpenAI',
  link: 'https://platform.openai.com/docs/guides/direct-preference-optimization',
  prompt: [input],
  chosen: messages('preferred_output', 'assistant'),
  rejected: messages('non_preferred_output', 'assistant'),
});

/**
 * `{"input": {"messages": [user], "tools": []}, "preferred_output": [assistant], "non_preferred_output": [assistant]}`:
 * preference fine-tuning of OpenAI, Azure and Together. Tools are inside `input`.
 */
export const openAi: Format = {
  ...rows,
  toolsAt: ['input', 'tools'],
  read: (value) => ({ ...rows.read(value), ...toolsOf(inputOf(value)) }),
};
