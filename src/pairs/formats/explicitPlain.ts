import type { Format } from './format';
import { inOrderOf } from './format';
import { textOf } from './text';

/** `{"prompt": "…", "chosen": "…", "rejected": "…"}`: each answer continues the text of the prompt (TRL: standard). */
export const explicitPlain: Format = {
  id: 'explicit-plain',
  label: 'prompt, chosen, rejected as text (TRL)',
  tool: 'TRL',
  link: 'https://huggingface.co/docs/trl/dataset_formats',
  keys: ['prompt', 'chosen', 'rejected'],
  detect: (value) => [value['prompt'], value['chosen'], value['rejected']].every((side) => typeof side === 'string'),
  read: (value) => ({
    style: 'plain',
    prompt: [{ role: 'user', content: String(value['prompt']) }],
    chosen: [{ role: 'assistant', content: String(value['chosen']) }],
    rejected: [{ role: 'assistant', content: String(value['rejected']) }],
  }),
  write: (value, pair) => ({
    ...value,
    prompt: textOf(pair.prompt),
    chosen: textOf(pair.chosen),
    rejected: textOf(pair.rejected),
  }),
  blank: (neighbour) => inOrderOf(neighbour, { prompt: '', chosen: '', rejected: '' }),
};
